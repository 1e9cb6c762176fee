//! Every case holds on every store, and no broken server passes them all.

use crate::cases::{self, Case};
use crate::double::{Broken, Fault, WIRES};
use crate::harness::{Endpoint, FIXTURE, as_it_is, settings};
use crate::stores::{Kind, Place};
use std::collections::BTreeSet;
use std::sync::Arc;

fn failures(cases: &[(String, Case)], mut run: impl FnMut(&Case) -> Result<(), String>) -> Vec<String> {
    cases
        .iter()
        .filter_map(|(file, case)| run(case).err().map(|why| format!("{file}: «{}»: {why}", case.name)))
        .collect()
}

#[test]
fn every_case_holds_on_every_store() {
    let cases = cases::all();
    assert!(cases.len() >= 120, "only {} cases were found", cases.len());
    let names: BTreeSet<_> = cases.iter().map(|(file, case)| (file, &case.name)).collect();
    assert_eq!(names.len(), cases.len(), "two cases have the same name");
    for kind in Kind::all() {
        let failed = failures(&cases, |case| {
            let endpoint = Endpoint::at(Place::new(kind), &as_it_is, &settings(), FIXTURE);
            cases::run(case, &endpoint, None)
        });
        let all = failed.join("\n\n");
        assert!(
            failed.is_empty(),
            "{kind:?}: {all}\n{} of {} failed",
            failed.len(),
            cases.len()
        );
    }
}

/// Which cases notice it is printed when none does; one is enough.
#[test]
fn a_store_with_any_fault_fails_a_case() {
    let cases = cases::all();
    for &fault in Fault::ALL {
        let noticed = cases.iter().any(|(_, case)| {
            let endpoint = Endpoint::with(&|store| Arc::new(Broken { store, fault }), &settings(), FIXTURE);
            cases::run(case, &endpoint, None).is_err()
        });
        assert!(noticed, "{fault:?} is noticed by no case");
    }
}

#[test]
fn a_wire_with_any_fault_fails_a_case() {
    let cases = cases::all();
    for (name, distort) in WIRES {
        let noticed = cases.iter().any(|(_, case)| {
            let endpoint = Endpoint::with(&as_it_is, &settings(), FIXTURE);
            cases::run(case, &endpoint, Some(*distort)).is_err()
        });
        assert!(noticed, "«{name}» is noticed by no case");
    }
}
