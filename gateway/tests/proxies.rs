//! Behind a proxy: which requests are counted together, and what the log says if clients cannot be distinguished. The only
//! test of its program, as the log is global.

mod common;

use std::num::NonZeroU32;

use common::{GatewayFixture, Log};

/// Number of answered requests out of `count` with these lines of `X-Forwarded-For`.
fn answered(fixture: &GatewayFixture, lines: &[&str], count: usize) -> usize {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let ask = |_: &usize| {
        let request = agent.get(format!("{}/health", fixture.url()));
        let request = lines.iter().fold(request, |request, line| request.header("x-forwarded-for", *line));
        request.call().unwrap().status() == 200
    };
    (0..count).filter(ask).count()
}

#[test]
fn fans_behind_a_proxy_are_told_apart_or_the_log_warns_once() {
    let log = Log::default();
    log.take_all();
    let fixture = GatewayFixture::with(|config| {
        config.requests_per_second = NonZeroU32::MIN;
        config.burst = NonZeroU32::new(2).unwrap();
        config.trusted_proxies = vec!["::ffff:127.0.0.1".parse().unwrap(), "10.0.0.1".parse().unwrap()];
    });
    // Each line is another fan, and each fan may send two requests.
    for lines in [
        &["198.51.100.1:5678"][..],
        &["198.51.100.2"],
        &["[2001:db8::1]:443"],
        &["\"[2001:db8:0:1::1]:443\""],
        &["2001:db8:0:2::1"],
        &["1.1.1.1, 198.51.100.3"],
        &["1.1.1.1", "198.51.100.4:1"],
        &["198.51.100.5, 10.0.0.1"],
        &["unknown, ::ffff:198.51.100.6"],
    ] {
        assert_eq!(answered(&fixture, lines, 3), 2, "{lines:?}");
    }
    // The same fans, written differently.
    for line in ["198.51.100.1:9999", "[::ffff:198.51.100.2]:1", "[2001:db8::ffff]", "10.0.0.1, 198.51.100.5"] {
        assert_eq!(answered(&fixture, &[line], 2), 0, "{line}");
    }
    let warnings = || log.text().lines().filter(|line| line.contains(" WARN ")).map(str::to_owned).collect::<Vec<_>>();
    assert!(warnings().is_empty(), "{:?}", warnings());

    // Clients without an address are distinguished if the proxy writes different names, and the log names the proxy.
    for line in ["_a\u{9b}", "_b"] {
        assert_eq!(answered(&fixture, &[line], 3), 2, "{line}");
    }
    let said = warnings();
    assert_eq!(said.len(), 1, "once, not for each request: {said:?}");
    assert!(said[0].contains("X-Forwarded-For is not an address") && said[0].contains("proxy=127.0.0.1"), "{said:?}");
    assert!(said[0].contains("_a") && !said[0].contains('\u{9b}'), "{said:?}");
}
