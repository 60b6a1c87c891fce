//! Launches each file in `examples/` on the embedded chain, and checks the access of fans.
//! The bundles must have been built: `scripts/build`.

use std::path::Path;

use patronage::{
    actions::{content, launch::Launching, subscriptions, subscriptions::Payment, tips, token, token::BuyOrder},
    client::Client,
    contracts,
    deployment::Deployment,
    error::Error,
    launch::Launch,
    plan::TxPlan,
};
use patronage_chain::{accounts::account, Chain};
use patronage_embedded::EmbeddedChain;
use patronage_interfaces::{registry::ContentRegistry, AccountId};

const UNIT: u128 = 1_000_000_000_000;
const DAY: u64 = 86_400_000;

/// A creator's contracts on a new chain with funded accounts.
struct Launched {
    chain: EmbeddedChain,
    deployment: Deployment,
}

impl Launched {
    /// Launches `examples/<name>.toml`.
    fn from_example(name: &str) -> Self {
        let mut chain = EmbeddedChain::default();
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(format!("{name}.toml"));
        let launch = Launch::read(&path, &mut chain).unwrap();
        for person in ["ana", "ben", "cleo", &launch.creator] {
            chain.fund(&account(person).unwrap(), 100_000 * UNIT).unwrap();
        }
        let creator = account(&launch.creator).unwrap();
        let launching = Launching::new(&launch, creator, "", chain.properties().width).unwrap();
        let deployment = launching.deployment(chain.properties().genesis, 0);
        let mut client = launching.client(&mut chain, deployment.clone());
        let plan = launching.plan(&mut client).unwrap();
        plan.execute(&mut client, &creator.into()).unwrap();
        Self { chain, deployment }
    }

    /// Makes a plan, and executes it as `who`.
    #[track_caller]
    fn act(&mut self, who: &str, plan: impl FnOnce(&mut Client<'_>, AccountId) -> Result<TxPlan, Error>) {
        let who = account(who).unwrap();
        let mut client = Client::new(&mut self.chain, self.deployment.clone()).unwrap();
        let plan = plan(&mut client, who).unwrap();
        plan.execute(&mut client, &who.into()).unwrap();
    }

    #[track_caller]
    fn subscribe(&mut self, who: &str, tier: &str, periods: u64) {
        self.act(who, |client, fan| {
            let tier = client.find_tier(tier)?;
            subscriptions::subscribe(client, fan, fan, tier, Payment::Periods(periods), None)
        });
    }

    /// Buys this number of whole tokens.
    #[track_caller]
    fn buy(&mut self, who: &str, tokens: u128) {
        self.act(who, |client, fan| {
            let tokens = client.units.token.parse(&tokens.to_string()).unwrap();
            token::buy(client, fan, BuyOrder::Tokens(tokens, None), None)
        });
    }

    #[track_caller]
    fn purchase(&mut self, who: &str, title: &str) {
        self.act(who, |client, fan| {
            let id = client.find_content(title)?;
            content::purchase(client, id, fan, None)
        });
    }

    /// Whether `who` may open each piece of content, in the order of the launch file.
    #[track_caller]
    fn opens(&mut self, who: &str) -> Vec<bool> {
        let who = account(who).unwrap();
        let mut client = Client::new(&mut self.chain, self.deployment.clone()).unwrap();
        let registry = contracts::registry(client.contracts().registry);
        let count = content::count(&mut client).unwrap();
        (0..count).map(|id| client.query(registry.has_access(id, who)).unwrap()).collect()
    }
}

#[test]
fn the_podcast_keeps_its_archive_for_loyal_and_token_holding_fans() {
    let mut podcast = Launched::from_example("podcast");
    assert_eq!(podcast.opens("ana"), [true, false, false], "the episode is for everyone");
    podcast.subscribe("ana", "Passenger", 4);
    assert_eq!(podcast.opens("ana"), [true, true, false]);
    podcast.act("ben", |client, _| Ok(tips::tip(client, 4 * UNIT, "for the driver")));
    assert_eq!(podcast.opens("ben"), [true, true, false], "tips open the bonus, too");
    podcast.buy("cleo", 25);
    assert_eq!(podcast.opens("cleo"), [true, false, true]);
    podcast.chain.advance(90 * DAY);
    assert_eq!(podcast.opens("ana"), [true, true, true], "after 90 days without a gap");
}

#[test]
fn the_band_sells_its_album_and_opens_the_stems_to_those_who_stay() {
    let mut band = Launched::from_example("band");
    band.purchase("ana", "Paper Lanterns, the album");
    assert_eq!(band.opens("ana"), [true, false, true], "the booklet comes with the album");
    band.subscribe("ben", "Rehearsal room", 1);
    assert_eq!(band.opens("ben"), [true, false, true]);
    band.buy("ben", 50);
    assert_eq!(band.opens("ben"), [true, true, true], "level 1 and 50 tokens open the stems");
    band.subscribe("cleo", "Soundcheck", 1);
    assert_eq!(band.opens("cleo"), [true, true, true]);
    band.chain.advance(31 * DAY);
    assert_eq!(band.opens("cleo"), [false, false, false], "the month is over");
    assert_eq!(band.opens("ana"), [true, false, true], "what was bought stays");
}

#[test]
fn the_newsletter_waits_for_its_times_and_sells_single_letters() {
    let mut letters = Launched::from_example("newsletter");
    letters.subscribe("ana", "Yearly", 1);
    letters.buy("ben", 1);
    letters.purchase("cleo", "Letter 52: on harbours");
    assert_eq!(letters.opens("ana"), [true, true, false], "letter 53 is not released");
    assert_eq!(letters.opens("ben"), [true, false, false], "letter 52 is for subscribers first");
    assert_eq!(letters.opens("cleo"), [true, true, false]);
    letters.chain.advance(14 * DAY);
    assert_eq!(letters.opens("ana"), [true, true, true]);
    assert_eq!(letters.opens("ben"), [true, true, true]);
    assert_eq!(letters.opens("cleo"), [true, true, false], "one letter was bought");
}
