#![expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]

use super::*;
use crate::config::chord::{Chord, Key};
use crate::text::profile::Profile;
use std::cell::RefCell;
use std::rc::Rc;

/// What happened, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Event {
    Key(char),
    Report(u32),
    Arranged(usize),
    Wake,
    Detected(Profile),
    Resize(u16, u16),
    Drawn,
    Shown,
    Sent(Vec<u8>),
    Emission(Emission, Option<bool>),
    Suspended,
    Retaken,
    Repaint,
}

type Log = Rc<RefCell<Vec<Event>>>;

struct Fake {
    log: Log,
    wake_in: Option<Duration>,
    profile: Profile,
}

impl Program for Fake {
    type Report = u32;
    fn input(&mut self, input: Input) -> Vec<Effect> {
        let Input::Key(Chord { key: Key::Char(c), .. }) = input else {
            return vec![];
        };
        self.log.borrow_mut().push(Event::Key(c));
        match c {
            'q' => vec![Effect::Quit],
            'z' => vec![Effect::Suspend],
            'l' => vec![Effect::Repaint],
            'y' => vec![Effect::Copy("قم".into())],
            'g' => vec![Effect::Alert(crate::config::Alert::Bell, String::new())],
            'm' => vec![Effect::Arrange(job())],
            _ => vec![],
        }
    }
    fn report(&mut self, report: u32) -> Vec<Effect> {
        self.log.borrow_mut().push(Event::Report(report));
        vec![]
    }
    fn arranged(&mut self, made: crate::board::arranged::Made) -> Vec<Effect> {
        self.log.borrow_mut().push(Event::Arranged(made.list.len()));
        vec![]
    }
    fn detected(&mut self, choice: Choice) -> Vec<Effect> {
        self.log.borrow_mut().push(Event::Detected(choice.profile));
        self.profile = choice.profile;
        vec![]
    }
    fn resize(&mut self, w: u16, h: u16) {
        self.log.borrow_mut().push(Event::Resize(w, h));
    }
    fn wake(&mut self) -> Vec<Effect> {
        self.log.borrow_mut().push(Event::Wake);
        vec![]
    }
    fn next_wakeup(&self) -> Option<Duration> {
        self.wake_in
    }
    fn shown(&mut self) {
        self.log.borrow_mut().push(Event::Shown);
    }
    fn draw(&mut self, _: &mut Buffer) {}
    fn emission(&self) -> Emission {
        self.profile.into()
    }
}

/// A list of no initiatives.
fn job() -> Job {
    use crate::board::{Board, Settings, query::Stop, rows::ListSpec};
    let board = Board::new(Settings::default(), crate::clock::Day::from_days(0));
    let spec = ListSpec::all(crate::contract::Kind::Initiative);
    Job::new(&board, &spec, crate::text::Lang::Fa, &[], None, Stop::never().next())
}

struct FakeScreen {
    log: Log,
    size: (u16, u16),
    /// The draw that fails, counted from 1.
    fail_at: usize,
    draws: usize,
    /// The terminal takes nothing.
    stuck: bool,
}

impl Surface for FakeScreen {
    fn size(&mut self) -> (u16, u16) {
        self.size
    }
    fn draw(&mut self, render: impl FnOnce(&mut Buffer)) -> io::Result<()> {
        render(&mut Buffer::default());
        self.log.borrow_mut().push(Event::Drawn);
        self.draws += 1;
        if self.draws == self.fail_at {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        Ok(())
    }
    fn resize(&mut self, _: u16, _: u16) {}
    fn repaint(&mut self) {
        self.log.borrow_mut().push(Event::Repaint);
    }
    fn set_emission(&mut self, emission: Emission, bidi_was_on: Option<bool>) -> io::Result<()> {
        self.log.borrow_mut().push(Event::Emission(emission, bidi_was_on));
        Ok(())
    }
    fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.log.borrow_mut().push(Event::Sent(bytes.to_vec()));
        Ok(())
    }
    fn suspend(&mut self) -> io::Result<()> {
        self.log.borrow_mut().push(Event::Suspended);
        Ok(())
    }
    fn retake(&mut self) -> io::Result<()> {
        self.log.borrow_mut().push(Event::Retaken);
        Ok(())
    }
    fn is_ready(&self) -> bool {
        !self.stuck
    }
    async fn ready(&mut self) -> io::Result<()> {
        if self.stuck { pending().await } else { Ok(()) }
    }
}

/// A loop with every end in our hands.
struct Bench {
    log: Log,
    alarms: mpsc::Sender<Alarm>,
    inputs: mpsc::Sender<Input>,
    resizes: mpsc::Sender<()>,
    bell: ReportBell,
    waiting: Rc<RefCell<Option<u32>>>,
    wires: Wires<u32>,
    program: Fake,
    screen: FakeScreen,
    environment: Environment,
}

fn bench() -> Bench {
    let log = Log::default();
    let (alarms, alarm_ear) = mpsc::channel(8);
    let (inputs, input_ear) = mpsc::channel(2048);
    let (resizes, resize_ear) = mpsc::channel(1);
    let (bell, ear) = report_bell();
    let waiting = Rc::new(RefCell::new(None));
    let taken = Rc::clone(&waiting);
    Bench {
        alarms,
        inputs,
        resizes,
        bell,
        waiting,
        wires: Wires {
            alarms: alarm_ear,
            inputs: input_ear,
            resizes: resize_ear,
            reports: Reports::new(ear, move || taken.borrow_mut().take()),
            ask_tmux: || oneshot::channel().1,
        },
        program: Fake {
            log: Rc::clone(&log),
            wake_in: None,
            profile: Profile::Plain,
        },
        screen: FakeScreen {
            log: Rc::clone(&log),
            size: (80, 24),
            fail_at: 0,
            draws: 0,
            stuck: false,
        },
        environment: Environment {
            configured: Some(Profile::Plain),
            ..Environment::default()
        },
        log,
    }
}

impl Bench {
    fn type_keys(&self, keys: &str) {
        for c in keys.chars() {
            self.inputs.try_send(Input::Key(Chord::plain(Key::Char(c)))).unwrap();
        }
    }

    fn report(&self, n: u32) {
        *self.waiting.borrow_mut() = Some(n);
        self.bell.ring();
    }

    async fn run(&mut self) -> io::Result<Ended> {
        run(&mut self.program, &mut self.screen, &self.environment, &mut self.wires).await
    }

    /// Lets the loop run while `script` is played, then ends it.
    async fn play(
        &mut self,
        script: impl AsyncFnOnce(&mpsc::Sender<Input>, &ReportBell, &Rc<RefCell<Option<u32>>>),
    ) -> Ended {
        let (inputs, bell, waiting) = (self.inputs.clone(), self.bell.clone(), Rc::clone(&self.waiting));
        let alarms = self.alarms.clone();
        let script = async {
            script(&inputs, &bell, &waiting).await;
            // Full or closed: the loop has ended by itself.
            let _ = alarms.try_send(Alarm::End(Ended::Signal(15)));
        };
        tokio::join!(self.run(), script).0.unwrap()
    }

    fn log(&self) -> Vec<Event> {
        self.log.borrow().clone()
    }

    fn draws(&self) -> usize {
        self.log.borrow().iter().filter(|event| **event == Event::Drawn).count()
    }
}

#[tokio::test(start_paused = true)]
async fn the_first_frame_comes_before_everything_that_is_already_waiting() {
    let mut bench = bench();
    bench.type_keys("aq");
    bench.report(7);
    assert_eq!(bench.run().await.unwrap(), Ended::Quit);
    let beginning = [Event::Resize(80, 24), Event::Drawn, Event::Shown, Event::Key('a')];
    assert_eq!(bench.log()[..4], beginning);
}

#[tokio::test(start_paused = true)]
async fn the_terminal_is_asked_after_the_first_frame_and_only_once() {
    let mut bench = bench();
    bench.environment.configured = None;
    bench.play(async |_, _, _| sleep(Duration::from_secs(60)).await).await;
    let asked = Event::Sent(detect::QUERY.to_vec());
    assert_eq!(bench.log()[1..3], [Event::Drawn, asked.clone()]);
    assert_eq!(bench.log().iter().filter(|event| **event == asked).count(), 1);
    assert!(
        bench.log().contains(&Event::Detected(Profile::Plain)),
        "silence is an answer after a second"
    );
}

#[tokio::test(start_paused = true)]
async fn answers_choose_the_profile_and_never_reach_the_program_as_input() {
    let mut bench = bench();
    bench.environment.configured = None;
    let bdsm = Reply::Decrqm {
        mode: 8,
        value: 1,
        private: false,
    };
    for reply in [
        bdsm,
        Reply::Da2(vec![65, 7006, 1]),
        Reply::Da1,
        Reply::Da1,
        Reply::XtVersion("late".into()),
    ] {
        bench.inputs.try_send(Input::Reply(reply)).unwrap();
    }
    bench.type_keys("q");
    bench.run().await.unwrap();
    let log = bench.log();
    assert_eq!(log.iter().filter(|e| matches!(e, Event::Detected(_))).count(), 1);
    assert!(log.contains(&Event::Detected(Profile::Explicit)));
    assert!(log.contains(&Event::Emission(Profile::Explicit.into(), Some(true))));
    assert_eq!(log.iter().filter(|e| matches!(e, Event::Key(_))).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_configured_profile_asks_nothing() {
    let mut bench = bench();
    bench.play(async |_, _, _| sleep(Duration::from_secs(60)).await).await;
    assert!(
        !bench
            .log()
            .iter()
            .any(|event| matches!(event, Event::Sent(_) | Event::Detected(_)))
    );
}

#[tokio::test(start_paused = true)]
async fn inside_tmux_its_client_is_asked_and_its_answer_used() {
    let mut bench = bench();
    bench.environment.configured = None;
    bench.environment.tmux = true;
    bench.wires.ask_tmux = || {
        let (sender, receiver) = oneshot::channel();
        sender.send(Some("foot(1.21.0)|foot".into())).unwrap();
        receiver
    };
    bench
        .inputs
        .try_send(Input::Reply(Reply::XtVersion("tmux 3.3a".into())))
        .unwrap();
    bench.inputs.try_send(Input::Reply(Reply::Da1)).unwrap();
    bench.play(async |_, _, _| sleep(Duration::from_secs(1)).await).await;
    assert!(
        bench.log().contains(&Event::Detected(Profile::Plain)),
        "{:?}",
        bench.log()
    );
}

#[tokio::test(start_paused = true)]
async fn a_hundred_held_keys_are_one_frame() {
    let mut bench = bench();
    bench.type_keys(&"j".repeat(100));
    bench.play(async |_, _, _| sleep(Duration::from_millis(1)).await).await;
    assert_eq!(bench.draws(), 2, "the first frame, and one for all keys");
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_input_does_not_freeze_the_screen() {
    let mut bench = bench();
    bench.type_keys(&"j".repeat(2000));
    bench.play(async |_, _, _| sleep(Duration::from_millis(1)).await).await;
    assert!(bench.draws() > 5, "{}", bench.draws());
}

#[tokio::test(start_paused = true)]
async fn data_draws_at_most_ten_times_a_second_and_the_last_of_it_is_shown() {
    let mut bench = bench();
    bench
        .play(async |_, bell, waiting| {
            for n in 0..1000 {
                *waiting.borrow_mut() = Some(n);
                bell.ring();
                sleep(Duration::from_millis(1)).await;
            }
            sleep(Duration::from_millis(150)).await;
        })
        .await;
    assert!((9..=13).contains(&bench.draws()), "{} draws in a second", bench.draws());
    let log = bench.log();
    let last_report = log.iter().rposition(|event| matches!(event, Event::Report(_)));
    let last_draw = log.iter().rposition(|event| *event == Event::Drawn);
    assert!(last_draw > last_report);
}

#[tokio::test(start_paused = true)]
async fn a_key_is_drawn_at_once_in_the_middle_of_data() {
    let mut bench = bench();
    bench
        .play(async |inputs, bell, waiting| {
            for n in 0..3 {
                *waiting.borrow_mut() = Some(n);
                bell.ring();
                sleep(Duration::from_millis(2)).await;
            }
            inputs.send(Input::Key(Chord::plain(Key::Char('j')))).await.unwrap();
            sleep(Duration::from_millis(2)).await;
        })
        .await;
    let log = bench.log();
    let key = log.iter().position(|event| *event == Event::Key('j')).unwrap();
    assert_eq!(log.get(key + 1), Some(&Event::Drawn));
}

#[tokio::test(start_paused = true)]
async fn nothing_happening_is_nothing_drawn() {
    let mut bench = bench();
    bench.play(async |_, _, _| sleep(Duration::from_secs(3600)).await).await;
    assert_eq!(bench.draws(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_program_that_wants_to_wake_at_once_for_ever_is_held_to_ten_a_second() {
    let mut bench = bench();
    bench.program.wake_in = Some(Duration::ZERO);
    bench.play(async |_, _, _| sleep(Duration::from_secs(1)).await).await;
    let wakes = bench.log().iter().filter(|event| **event == Event::Wake).count();
    assert!((9..=12).contains(&wakes), "{wakes} in a second");
}

#[tokio::test(start_paused = true)]
async fn a_signal_goes_before_keys_and_keys_before_data() {
    // Often enough that no lucky order passes.
    for _ in 0..50 {
        let mut bench = bench();
        bench.type_keys("jjj");
        bench.report(1);
        bench.alarms.try_send(Alarm::End(Ended::Signal(1))).unwrap();
        assert_eq!(bench.run().await.unwrap(), Ended::Signal(1));
        let heard = |event: &Event| matches!(event, Event::Key(_) | Event::Report(_));
        assert!(!bench.log().iter().any(heard));

        let mut bench = self::bench();
        bench.report(1);
        bench.type_keys("jq");
        bench.run().await.unwrap();
        assert!(!bench.log().contains(&Event::Report(1)));
    }
}

#[tokio::test(start_paused = true)]
async fn a_gone_terminal_ends_the_loop() {
    let mut bench = bench();
    let (sender, receiver) = mpsc::channel(1);
    bench.wires.inputs = receiver;
    drop(sender);
    assert_eq!(bench.run().await.unwrap(), Ended::HungUp);
}

#[tokio::test(start_paused = true)]
async fn a_failed_draw_ends_the_loop() {
    let mut bench = bench();
    bench.screen.fail_at = 2;
    bench.type_keys("jj");
    assert!(bench.run().await.is_err());
    bench.screen.fail_at = 1;
    bench.screen.draws = 0;
    assert!(bench.run().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_terminal_that_takes_nothing_gets_no_more_frames_and_quit_still_works() {
    let mut bench = bench();
    bench.screen.stuck = true;
    let ended = bench
        .play(async |inputs, _, _| {
            for key in ['j', 'j', 'q'] {
                inputs.send(Input::Key(Chord::plain(Key::Char(key)))).await.unwrap();
                sleep(Duration::from_millis(20)).await;
            }
        })
        .await;
    assert_eq!(ended, Ended::Quit);
    assert_eq!(bench.draws(), 1);
}

#[tokio::test(start_paused = true)]
async fn effects_are_carried_out() {
    let mut bench = bench();
    bench.type_keys("zlygq");
    bench.run().await.unwrap();
    let log = bench.log();
    assert!(log.contains(&Event::Suspended) && log.contains(&Event::Repaint));
    assert!(
        log.contains(&Event::Sent(b"\x1b]52;c;2YLZhQ==\x07".to_vec())),
        "{log:?}"
    );
    assert!(log.contains(&Event::Sent(b"\x07".to_vec())));
}

#[tokio::test(start_paused = true)]
async fn a_continued_process_takes_the_terminal_again_and_repaints() {
    let mut bench = bench();
    bench.alarms.try_send(Alarm::Continued).unwrap();
    bench.play(async |_, _, _| sleep(Duration::from_millis(1)).await).await;
    let log = bench.log();
    let retaken = log.iter().position(|event| *event == Event::Retaken).unwrap();
    assert_eq!(
        log[retaken..],
        [Event::Retaken, Event::Resize(80, 24), Event::Repaint, Event::Drawn]
    );
}

#[tokio::test(start_paused = true)]
async fn a_resized_window_is_measured_and_drawn_anew() {
    let mut bench = bench();
    bench.resizes.try_send(()).unwrap();
    bench.play(async |_, _, _| sleep(Duration::from_millis(1)).await).await;
    assert_eq!(bench.draws(), 2);
    assert_eq!(
        bench
            .log()
            .iter()
            .filter(|event| **event == Event::Resize(80, 24))
            .count(),
        2
    );
}

#[test]
fn exit_codes_follow_the_shells_convention() {
    assert_eq!(Ended::Quit.exit_code(), 0);
    assert_eq!(Ended::Signal(15).exit_code(), 143);
    assert_eq!(Ended::HungUp.exit_code(), 129);
}

#[tokio::test]
async fn a_list_made_beside_the_keys_arrives_and_is_drawn_at_once() {
    let mut bench = bench();
    let log = Rc::clone(&bench.log);
    let ended = bench
        .play(async |inputs, _, _| {
            for c in ['m', 'a'] {
                inputs.send(Input::Key(Chord::plain(Key::Char(c)))).await.unwrap();
            }
            let arrived = || log.borrow().contains(&Event::Arranged(0));
            while !arrived() {
                sleep(Duration::from_millis(1)).await;
            }
            sleep(Duration::from_millis(20)).await;
        })
        .await;
    assert_eq!(ended, Ended::Signal(15));
    let log = bench.log();
    let at = |event: &Event| log.iter().position(|e| e == event).unwrap();
    assert!(at(&Event::Key('m')) < at(&Event::Arranged(0)));
    assert!(log[at(&Event::Arranged(0))..].contains(&Event::Drawn), "{log:?}");
}
