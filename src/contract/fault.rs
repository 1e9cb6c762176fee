//! What can be wrong between us and a server, and how it is said: one sentence with what to do. It must not know how a
//! server is asked.

use crate::i18n;
use crate::text::Lang;
use smol_str::SmolStr;

/// What is wrong with a connection, or with what is needed to make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A file with a secret that other users can read; the command that mends it.
    ReadableByOthers {
        /// The file.
        path: SmolStr,
        /// The command.
        command: SmolStr,
    },
    /// A token, certificate or key file that cannot be read; the operating system's own words.
    AccessFile {
        /// The file.
        path: SmolStr,
        /// Why.
        why: SmolStr,
    },
    /// A file without a certificate or key in it.
    NotPem(SmolStr),
    /// A client certificate without its key, or the other way round.
    HalfIdentity,
    /// No token where one was promised, or bytes no token has; where it came from.
    BadToken(SmolStr),
    /// The token command failed; how.
    TokenCommand(SmolStr),
    /// No machine of that name is known.
    UnknownHost,
    /// Nobody listens there.
    Refused,
    /// The connection was cut.
    Cut,
    /// No answer within this many seconds.
    NoAnswer(u64),
    /// The answer stopped in the middle for this many seconds.
    Silent(u64),
    /// The server's certificate is no longer valid.
    CertificateExpired,
    /// The server's certificate is not valid yet.
    CertificateNotYetValid,
    /// Nobody we trust has signed the server's certificate.
    UnknownAuthority,
    /// The server's certificate is for another name.
    WrongName,
    /// The two ends cannot agree on how to speak securely; why.
    Handshake(SmolStr),
    /// The server points to another place; which.
    Redirected(SmolStr),
    /// The answer is of another kind than was asked for; which.
    ContentType(SmolStr),
    /// Our token is not accepted.
    TokenRefused,
    /// The server wants a token and there is none.
    TokenWanted,
    /// Our token is good, but not for this.
    Forbidden,
    /// The server speaks another version of the feed; which.
    OtherApi(SmolStr),
    /// Something that cannot be read; the catalogue key of what: `fault.part-page`, `fault.part-event` …
    Garbled(&'static str),
    /// A line or an event longer than the limit, in bytes.
    LongLine(u64),
    /// The server refuses a request we believe right.
    BadRequest,
    /// After everything was sent, something differs from the server's; the catalogue key of what.
    Differs(&'static str),
    /// The server's clock is so many minutes ahead of ours (negative: behind).
    ClockOff(i64),
}

impl Fault {
    /// The sentence in a language: what happened and what to do.
    pub fn sentence(&self, lang: Lang) -> String {
        let say = |key: &str, args: &[(&str, &str)]| i18n::tf(lang, key, args);
        match self {
            Self::ReadableByOthers { path, command } => {
                say("fault.readable-by-others", &[("path", path), ("command", command)])
            }
            Self::AccessFile { path, why } => say("fault.access-file", &[("path", path), ("why", why)]),
            Self::NotPem(path) => say("fault.not-pem", &[("path", path)]),
            Self::HalfIdentity => say("fault.half-identity", &[]),
            Self::BadToken(from) => say("fault.bad-token", &[("from", from)]),
            Self::TokenCommand(why) => say("fault.token-command", &[("why", why)]),
            Self::UnknownHost => say("fault.unknown-host", &[]),
            Self::Refused => say("fault.refused", &[]),
            Self::Cut => say("fault.cut", &[]),
            Self::NoAnswer(seconds) => say("fault.no-answer", &[("n", &seconds.to_string())]),
            Self::Silent(seconds) => say("fault.silent", &[("n", &seconds.to_string())]),
            Self::CertificateExpired => say("fault.certificate-expired", &[]),
            Self::CertificateNotYetValid => say("fault.certificate-not-yet", &[]),
            Self::UnknownAuthority => say("fault.unknown-authority", &[("option", "--ca")]),
            Self::WrongName => say("fault.wrong-name", &[]),
            Self::Handshake(why) => say("fault.handshake", &[("why", why)]),
            Self::Redirected(to) => say("fault.redirected", &[("to", to)]),
            Self::ContentType(found) => say("fault.content-type", &[("found", found)]),
            Self::TokenRefused => say("fault.token-refused", &[]),
            Self::TokenWanted => say(
                "fault.token-wanted",
                &[
                    ("file", "--token-file"),
                    ("command", "--token-command"),
                    ("variable", "RASAD_TOKEN"),
                ],
            ),
            Self::Forbidden => say("fault.forbidden", &[]),
            Self::OtherApi(found) => say("fault.other-api", &[("found", found)]),
            Self::Garbled(part) => say("fault.garbled", &[("part", i18n::t(lang, part))]),
            Self::LongLine(limit) => say("fault.long-line", &[("limit", &limit.to_string())]),
            Self::BadRequest => say("fault.bad-request", &[]),
            Self::Differs(what) => say("fault.differs", &[("kind", i18n::t(lang, what))]),
            Self::ClockOff(minutes) => {
                let key = if *minutes > 0 {
                    "fault.clock-behind"
                } else {
                    "fault.clock-ahead"
                };
                let minutes = minutes.unsigned_abs();
                let hours = minutes.saturating_add(30) / 60;
                // As coarse as it is large: nobody counts days in minutes.
                let (unit, count) = match hours {
                    48.. => ("span.days", hours.saturating_add(12) / 24),
                    2.. => ("span.hours", hours),
                    _ => ("span.minutes", minutes),
                };
                let span = i18n::tf(lang, unit, &[("n", &count.to_string())]);
                say(key, &[("span", &span)])
            }
        }
    }

    /// A name that does not change with the language.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::ReadableByOthers { .. } => "readable-by-others",
            Self::AccessFile { .. } => "access-file",
            Self::NotPem(_) => "not-pem",
            Self::HalfIdentity => "half-identity",
            Self::BadToken(_) => "bad-token",
            Self::TokenCommand(_) => "token-command",
            Self::UnknownHost => "unknown-host",
            Self::Refused => "refused",
            Self::Cut => "cut",
            Self::NoAnswer(_) => "no-answer",
            Self::Silent(_) => "silent",
            Self::CertificateExpired => "certificate-expired",
            Self::CertificateNotYetValid => "certificate-not-yet",
            Self::UnknownAuthority => "unknown-authority",
            Self::WrongName => "wrong-name",
            Self::Handshake(_) => "handshake",
            Self::Redirected(_) => "redirected",
            Self::ContentType(_) => "content-type",
            Self::TokenRefused => "token-refused",
            Self::TokenWanted => "token-wanted",
            Self::Forbidden => "forbidden",
            Self::OtherApi(_) => "other-api",
            Self::Garbled(_) => "garbled",
            Self::LongLine(_) => "long-line",
            Self::BadRequest => "bad-request",
            Self::Differs(_) => "differs",
            Self::ClockOff(_) => "clock-off",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_off_by_what_a_person_would_say() {
        let english = |minutes| Fault::ClockOff(minutes).sentence(Lang::En);
        for (minutes, span) in [
            (5, "is 5 minutes behind"),
            (1, "is 1 minute behind"),
            (-89, "is 89 minutes ahead"),
            (90, "is 2 hours behind"),
            (-2_849, "is 47 hours ahead"),
            (-2_879, "is 2 days ahead"),
            (2_880, "is 2 days behind"),
            (60 * 24 * 400, "is 400 days behind"),
        ] {
            assert!(english(minutes).contains(span), "{minutes}: {}", english(minutes));
        }
        assert!(english(i64::MIN).contains("days ahead"));
        assert!(
            Fault::ClockOff(2_880)
                .sentence(Lang::Fa)
                .contains("روز از ساعت کارساز عقب است")
        );
    }
}
