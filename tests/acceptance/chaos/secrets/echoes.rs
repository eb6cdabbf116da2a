//! The echoes: forms in which an answer has the request, and places of the answer where it stands.

use super::marks::{BROKEN, FORMS};
use crate::simulator::{Echo, EchoedIn};

/// The echoes of a run: each call gets one in turn, or all of them.
pub struct Echoes {
    all: Vec<Echo>,
    turn: usize,
    calls: u32,
    exhaustive: bool,
}

impl Echoes {
    /// One for each of the first calls, beginning with the one of this number.
    pub fn in_turn(seed: usize, calls: u32) -> Self {
        Self { all: Self::every(), turn: seed, calls, exhaustive: false }
    }

    /// For every call a message in each form, and each kind of page.
    pub fn exhaustive() -> Self {
        let (messages, pages): (Vec<Echo>, Vec<Echo>) =
            Self::every().into_iter().partition(|echo| echo.place == EchoedIn::Message);
        let mut all: Vec<Echo> = Vec::new();
        for echo in messages {
            if all.iter().all(|other| other.form != echo.form) {
                all.push(echo);
            }
        }
        for echo in pages {
            if all.iter().all(|other| other.place != echo.place) {
                all.push(echo);
            }
        }
        Self { all, turn: 0, calls: 30, exhaustive: true }
    }

    fn every() -> Vec<Echo> {
        // Messages are shown, pages are not, so a message has more turns.
        let places = [
            EchoedIn::Message,
            EchoedIn::Page(403),
            EchoedIn::Message,
            EchoedIn::Page(502),
            EchoedIn::Message,
            EchoedIn::Page(200),
        ];
        let forms: Vec<_> = FORMS.iter().chain(BROKEN).collect();
        let echo = |at: usize| {
            let form = forms[at % forms.len()];
            Echo {
                form: form.name,
                place: places[(at / forms.len() + at % forms.len()) % places.len()],
                write: form.write,
            }
        };
        (0..forms.len() * places.len()).map(echo).collect()
    }

    /// How many calls of an operation fail, each in its own run.
    pub fn calls(&self) -> u32 {
        self.calls
    }

    /// The echoes of one call.
    pub fn for_a_call(&mut self) -> Vec<Echo> {
        if self.exhaustive {
            return self.all.clone();
        }
        self.turn += 1;
        vec![self.all[self.turn % self.all.len()]]
    }
}
