//! Sends notices that are due to webhooks, with growing pauses between attempts.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use tracing::{info, warn};

use super::{
    store::{Delivery, End, Store},
    webhook::{Outcome, Webhook},
};

/// Pause after the first failed attempt, in ms. Each later one is twice as long.
const FIRST_PAUSE: i64 = 5_000;
/// The longest pause, in ms.
const LONGEST_PAUSE: i64 = 6 * 60 * 60 * 1000;
/// The maximum number of attempts. With the pauses between them, about four days.
pub const MOST_ATTEMPTS: i64 = 30;
/// How long an attempt may take, in ms. Then another process may make the next one. Longer than the timeout of a request.
const LEASE: i64 = 20_000;
/// Notices that are read at once.
const BATCH: i64 = 50;

/// Pause after so many attempts, in ms, within which `chance` of 0 to 255 selects a tenth more or less, so that many notices
/// do not arrive at one moment.
fn pause(attempts: i64, chance: u8) -> i64 {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(30);
    let pause = FIRST_PAUSE.saturating_mul(1_i64.checked_shl(doublings).unwrap_or(i64::MAX)).min(LONGEST_PAUSE);
    // Between 90% and 110%.
    let tenth = pause / 10;
    (pause - tenth).saturating_add(tenth.saturating_mul(2).saturating_mul(chance.into()) / 255)
}

/// Sends what is due to `webhook`, once each. Returns the number of notices that were taken.
///
/// # Errors
///
/// If the database does not answer.
pub async fn send_due(store: &Store, webhook: &Arc<Webhook>) -> Result<usize, sqlx::Error> {
    let mut taken = 0_usize;
    for delivery in store.due(webhook.url(), now(), BATCH).await? {
        taken = taken.saturating_add(usize::from(attempt(store, webhook, delivery).await?));
    }
    Ok(taken)
}

async fn attempt(store: &Store, webhook: &Arc<Webhook>, mut delivery: Delivery) -> Result<bool, sqlx::Error> {
    if !store.begin(&mut delivery, now().saturating_add(LEASE)).await? {
        return Ok(false);
    }
    let (id, body, sender) = (delivery.notice.id.clone(), delivery.notice.body(), webhook.clone());
    let send = move || sender.send(&id, Utc::now().timestamp(), &body);
    let outcome = tokio::task::spawn_blocking(send).await;
    match outcome.unwrap_or_else(|error| Outcome::Failed(error.to_string())) {
        Outcome::Taken => {
            store.end(&delivery, End::Taken).await?;
            return Ok(true);
        }
        Outcome::Gone => {
            warn!(id = delivery.notice.id, "the receiver of the webhook wants no more of this notice (410)");
            store.end(&delivery, End::Gone).await?;
        }
        Outcome::Failed(why) if delivery.attempts >= MOST_ATTEMPTS => {
            warn!(id = delivery.notice.id, why, "a notice is given up");
            store.end(&delivery, End::GivenUp).await?;
        }
        Outcome::Failed(why) => {
            // Low bits of the time are chance enough for pauses.
            let pause = pause(delivery.attempts, (Utc::now().timestamp_subsec_micros() & 0xff) as u8);
            info!(id = delivery.notice.id, why, attempts = delivery.attempts, pause, "a notice will be sent again");
            store.failed(&delivery, &why, now().saturating_add(pause)).await?;
        }
    }
    Ok(false)
}

/// Sends what is due, again and again. Ends only when it is dropped.
pub async fn run(store: Store, webhooks: Vec<Arc<Webhook>>, every: Duration) {
    let mut tick = tokio::time::interval(every);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        let sends = webhooks.iter().map(|webhook| send_due(&store, webhook));
        for sent in futures_util::future::join_all(sends).await {
            if let Err(error) = sent {
                warn!(%error, "notices can't be read now");
            }
        }
    }
}

/// The time of day in ms since 1970.
fn now() -> i64 {
    Utc::now().timestamp_millis()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_six_hours_and_last_for_days_in_all() {
        assert!((4_500..=5_500).contains(&pause(1, 0)) && (4_500..=5_500).contains(&pause(1, 255)));
        assert!((9_000..=11_000).contains(&pause(2, 77)));
        assert_eq!(pause(1, 0), 4_500);
        assert_eq!(pause(1, 255), 5_500);
        for attempts in [14, 30, 100, i64::MAX] {
            assert!(pause(attempts, 255) <= LONGEST_PAUSE + LONGEST_PAUSE / 10, "{attempts}");
        }
        let days = (1..MOST_ATTEMPTS).map(|attempts| pause(attempts, 0)).sum::<i64>() / (24 * 60 * 60 * 1000);
        assert!((3..=6).contains(&days), "{days}");
    }
}
