//! The figures of docs/weights.json, and the differences between two sets of them.

use std::{
    collections::BTreeMap,
    fmt::{self, Write as _},
    path::Path,
};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// All figures. Keys and entries are always in the same order, so equal figures are equal files.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Compiler of the contracts. Another compiler generates other code, and so other figures.
    pub compiler: String,
    /// Bytes of code, by contract. Baselines are named `baseline/<name>`.
    pub code_bytes: BTreeMap<String, u64>,
    /// Cost of each call, in the order of the scenarios.
    pub calls: Vec<Cost>,
    /// What each of these calls asks of the chain.
    pub host_costs: Vec<HostCost>,
    /// The messages in the hot code of each contract that is split, in the order of their names.
    pub hot: BTreeMap<String, Vec<String>>,
    /// What each call of [`calls`](Self::calls) costs where all contracts have one code with all messages.
    pub single: Vec<Single>,
    /// What some calls cost among so many fans.
    pub scaling: Vec<Point>,
}

/// Cost of a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// The contract.
    pub contract: String,
    /// The message, and after a comma the case.
    pub call: String,
    /// Computing time, in picoseconds on the chain's reference machine.
    pub ref_time: u64,
    /// Bytes of proof.
    pub proof_size: u64,
    /// Storage deposit in planck of drink's chain; negative if it is returned.
    pub deposit: i64,
}

impl Cost {
    /// The message of the call, without the case.
    pub fn message(&self) -> &str {
        self.call.split(", ").next().unwrap_or_default()
    }
}

/// What a call's host functions alone cost.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostCost {
    /// The contract.
    pub contract: String,
    /// As in [`Cost`].
    pub call: String,
    /// Computing time by the chain's schedule, in picoseconds.
    pub ref_time: u64,
    /// Number of records read, including missing ones.
    pub reads: u64,
    /// Number of records written or deleted.
    pub writes: u64,
    /// Number of events emitted.
    pub events: u64,
}

/// What a call costs where its contract, and those it calls, have one code with all messages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Single {
    /// The contract.
    pub contract: String,
    /// As in [`Cost`].
    pub call: String,
    /// Computing, in picoseconds.
    pub ref_time: u64,
}

/// What a call cost among so many fans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Point {
    /// The message, and after a comma the case.
    pub call: String,
    /// Number of fans.
    pub fans: u32,
    /// As in [`Cost`].
    pub ref_time: u64,
    /// As in [`Cost`].
    pub proof_size: u64,
    /// As in [`Cost`].
    pub deposit: i64,
}

impl Figures {
    /// Reads figures from a file. Returns `None` if there is no file.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or is malformed.
    pub fn read(path: &Path) -> Result<Option<Self>> {
        match std::fs::read(path) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .map(Some)
                .with_context(|| format!("{} holds no figures: scripts/bench --accept writes it anew", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    /// Returns the file's text.
    ///
    /// # Errors
    ///
    /// Never in practice: all figures can be serialised.
    pub fn to_json(&self) -> Result<String> {
        let mut text = serde_json::to_string_pretty(self).context("cannot write the figures")?;
        text.push('\n');
        Ok(text)
    }

    /// Returns the cost of a call, if it was measured.
    pub fn cost(&self, contract: &str, call: &str) -> Option<&Cost> {
        self.calls.iter().find(|cost| cost.contract == contract && cost.call == call)
    }

    /// What a call costs in one code with all messages, where that was measured.
    pub fn single(&self, contract: &str, call: &str) -> Option<u64> {
        let found = self.single.iter().find(|cost| cost.contract == contract && cost.call == call);
        found.map(|cost| cost.ref_time)
    }

    /// Whether a message is in the hot code of its contract, or in the one code that there is.
    pub fn is_hot(&self, contract: &str, message: &str) -> bool {
        self.hot.get(contract).is_none_or(|hot| hot.iter().any(|known| known == message))
    }

    /// Leaves the larger populations out, which were not measured.
    pub fn up_to_fans(&mut self, most: u32) {
        self.scaling.retain(|point| point.fans <= most);
    }

    /// Each figure with its name: contract, call, quantity.
    fn named(&self) -> BTreeMap<(String, String, &'static str), i128> {
        let mut all = BTreeMap::new();
        for (contract, bytes) in &self.code_bytes {
            all.insert((contract.clone(), String::new(), "code bytes"), i128::from(*bytes));
        }
        for Cost { contract, call, ref_time, proof_size, deposit } in &self.calls {
            let mut put = |figure, value| all.insert((contract.clone(), call.clone(), figure), value);
            put("ref_time", i128::from(*ref_time));
            put("proof_size", i128::from(*proof_size));
            put("deposit", i128::from(*deposit));
        }
        for HostCost { contract, call, ref_time, reads, writes, events } in &self.host_costs {
            let mut put =
                |figure, value: &u64| all.insert((contract.clone(), call.clone(), figure), i128::from(*value));
            put("host cost", ref_time);
            put("reads", reads);
            put("writes", writes);
            put("events", events);
        }
        for (contract, messages) in &self.hot {
            for message in messages {
                all.insert((contract.clone(), message.clone(), "hot"), 1);
            }
        }
        for Single { contract, call, ref_time } in &self.single {
            all.insert((contract.clone(), call.clone(), "ref_time in one code"), i128::from(*ref_time));
        }
        for Point { call, fans, ref_time, proof_size, deposit } in &self.scaling {
            let name = format!("{fans} fans");
            let mut put = |figure, value| all.insert((name.clone(), call.clone(), figure), value);
            put("ref_time", i128::from(*ref_time));
            put("proof_size", i128::from(*proof_size));
            put("deposit", i128::from(*deposit));
        }
        all
    }
}

/// Returns the figures in which `measured` differs from `committed`.
pub fn differences(committed: &Figures, measured: &Figures) -> Vec<Difference> {
    let (old, new) = (committed.named(), measured.named());
    let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let compared = names.into_iter().map(|name| (name, old.get(name).copied(), new.get(name).copied()));
    compared
        .filter(|(_, before, now)| before != now)
        .map(|((contract, call, figure), committed, measured)| Difference {
            contract: contract.clone(),
            call: call.clone(),
            figure,
            committed,
            measured,
        })
        .collect()
}

/// A figure that differs. `None` if there is no such figure.
#[derive(Debug, PartialEq, Eq)]
pub struct Difference {
    /// The contract, or the size of the population.
    pub contract: String,
    /// The call; empty for the code.
    pub call: String,
    /// The quantity.
    pub figure: &'static str,
    /// Value in docs/weights.json.
    pub committed: Option<i128>,
    /// Measured value.
    pub measured: Option<i128>,
}

/// The differences as a table.
pub struct Table<'a>(pub &'a [Difference]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = |figure: Option<i128>| figure.map_or("none".into(), |figure| figure.to_string());
        let heads = ["contract", "call", "figure", "committed", "measured", "change"].map(String::from);
        let mut rows = vec![heads];
        rows.extend(self.0.iter().map(|row| {
            let change = match (row.committed, row.measured) {
                (Some(before), Some(now)) if before != 0 => {
                    // Only for display.
                    format!("{:+.2} %", (now as f64 / before as f64 - 1.0) * 100.0)
                }
                (Some(_), Some(_)) => String::new(),
                (None, _) => "new".into(),
                (_, None) => "gone".into(),
            };
            let (committed, measured) = (number(row.committed), number(row.measured));
            [row.contract.clone(), row.call.clone(), row.figure.into(), committed, measured, change]
        }));
        let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
        let widths: [usize; 6] = std::array::from_fn(width);
        for row in &rows {
            let mut line = String::new();
            for (column, (cell, width)) in row.iter().zip(widths).enumerate() {
                match column {
                    0..=2 => write!(line, "{cell:width$}  ")?,
                    _ => write!(line, "{cell:>width$}  ")?,
                }
            }
            writeln!(to, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures() -> Figures {
        let (contract, call) = (String::from("token"), String::from("sell"));
        let cost =
            Cost { contract: contract.clone(), call: call.clone(), ref_time: 1_000, proof_size: 20, deposit: -3 };
        let host_cost = HostCost { contract: contract.clone(), call, ref_time: 800, reads: 2, writes: 1, events: 0 };
        let point = |fans| Point { call: "buy".into(), fans, ref_time: 5, proof_size: 6, deposit: 7 };
        Figures {
            compiler: "rustc 1.0.0".into(),
            code_bytes: BTreeMap::from([(contract, 100)]),
            calls: vec![cost],
            host_costs: vec![host_cost],
            hot: BTreeMap::from([(String::from("token"), vec![String::from("sell")])]),
            single: vec![Single { contract: "token".into(), call: "sell".into(), ref_time: 1_200 }],
            scaling: vec![point(10), point(1_000)],
        }
    }

    #[test]
    fn the_file_has_the_promised_keys_and_reads_back() {
        let text = figures().to_json().unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["code_bytes"], serde_json::json!({ "token": 100 }));
        let call = serde_json::json!(
            [{ "contract": "token", "call": "sell", "ref_time": 1_000, "proof_size": 20, "deposit": -3 }]
        );
        assert_eq!(value["calls"], call);
        assert_eq!(serde_json::from_str::<Figures>(&text).unwrap(), figures());
    }

    #[test]
    fn any_figure_that_differs_is_found_and_shown() {
        let committed = figures();
        assert_eq!(differences(&committed, &figures()), []);
        let mut measured = figures();
        measured.calls[0].ref_time = 1_001;
        measured.host_costs[0].reads = 3;
        measured.code_bytes.insert("vault".into(), 5);
        measured.hot.clear();
        measured.single[0].ref_time = 1_199;
        measured.up_to_fans(10);
        let found = differences(&committed, &measured);
        let named: Vec<_> = found.iter().map(|d| (d.figure, d.committed, d.measured)).collect();
        assert_eq!(
            named,
            [
                ("deposit", Some(7), None),
                ("proof_size", Some(6), None),
                ("ref_time", Some(5), None),
                ("hot", Some(1), None),
                ("reads", Some(2), Some(3)),
                ("ref_time", Some(1_000), Some(1_001)),
                ("ref_time in one code", Some(1_200), Some(1_199)),
                ("code bytes", None, Some(5)),
            ]
        );
        let table = Table(&found).to_string();
        assert!(table.contains("+0.10 %") && table.contains("gone") && table.contains("new"), "{table}");
    }
}
