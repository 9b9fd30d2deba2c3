//! The faults that wait, and which of them a request takes.

use crate::accounts::Account;
use crate::faults::route::Route;
use crate::faults::{Fault, Times};

/// The faults that wait, in order.
#[derive(Debug, Default)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// Adds faults behind those that wait.
    pub fn add(&mut self, faults: Vec<Fault>) {
        self.0.extend(faults);
    }

    /// The fault for a request, by whomever it is, as far as that is known.
    pub fn take(&mut self, route: Route, account: Option<&Account>) -> Option<Fault> {
        self.take_first(|fault| {
            fault.is_at(route) && (fault.account.is_none() || fault.account == account)
        })
    }

    /// The fault that waits for just this account: for the second time that one request asks.
    pub fn take_named(&mut self, route: Route, account: &Account) -> Option<Fault> {
        self.take_first(|fault| fault.is_at(route) && fault.account == Some(account))
    }

    /// Those that wait, in order.
    pub fn waiting(&self) -> &[Fault] {
        &self.0
    }

    /// Forgets those that wait.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    fn take_first(&mut self, fits: impl Fn(&Fault) -> bool) -> Option<Fault> {
        let at = self.0.iter().position(fits)?;
        let fault = self.0.get_mut(at)?;
        if let Times::Number(times) = &mut fault.times {
            *times -= 1;
        }
        Some(if fault.times == Times::Number(0) { self.0.remove(at) } else { fault.clone() })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::directory::Directory;

    fn fault(route: Route, account: Option<&'static Account>, times: u32) -> Fault {
        Fault {
            route,
            account,
            times: Times::Number(times),
            status: None,
            code: None,
            retry_after: None,
            claims: None,
            content_type: None,
            delay: Duration::ZERO,
            close: None,
            body: None,
        }
    }

    #[test]
    fn faults_are_used_in_order_and_as_often_as_they_say() {
        let mut faults = Faults::default();
        faults.add(vec![fault(Route::Me, None, 2), fault(Route::Any, None, 1)]);
        assert_eq!(faults.take(Route::Me, None).map(|fault| fault.route), Some(Route::Me));
        assert_eq!(faults.take(Route::Keys, None).map(|fault| fault.route), Some(Route::Any));
        assert_eq!(faults.take(Route::Keys, None), None);
        assert_eq!(faults.take(Route::Me, None).map(|fault| fault.route), Some(Route::Me));
        assert_eq!(faults.take(Route::Me, None), None);
    }

    #[test]
    fn a_fault_for_an_account_waits_for_that_account() {
        let mut faults = Faults::default();
        let directory = Directory::built_in();
        let personal = directory.by_address("personal@sandbox.example");
        let work = directory.by_address("work@sandbox.example");
        faults.add(vec![fault(Route::Me, work, 1)]);
        assert_eq!(faults.take(Route::Me, None), None);
        assert_eq!(faults.take(Route::Me, personal), None);
        assert!(faults.take(Route::Me, work).is_some());
    }

    #[test]
    fn a_fault_without_an_account_is_not_one_for_just_this_account() {
        let mut faults = Faults::default();
        faults.add(vec![fault(Route::Authorize, None, 1)]);
        let directory = Directory::built_in();
        let work = directory.by_address("work@sandbox.example").unwrap();
        assert_eq!(faults.take_named(Route::Authorize, work), None);
        assert!(faults.take(Route::Authorize, None).is_some());
    }
}
