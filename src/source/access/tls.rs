//! Secure connections: whom we trust, who we say we are, and what went wrong in one plain sentence.

use super::{Access, read};
use crate::contract::{Fault, Problem, What, clean};
use reqwest::{Certificate, Client, Identity};
use rustls::{CertificateError, Error as TlsError};
use std::error::Error;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

/// A client that follows no redirects and trusts whom it is told to.
///
/// # Errors
/// A certificate or key that cannot be used.
pub(in crate::source) fn client(
    access: &Access,
    to_this_machine: bool,
    connect: Duration,
    silence: Duration,
) -> Result<Client, Problem> {
    // Only the first call takes effect; another part of the program may have made it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut builder = Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(connect)
        .read_timeout(silence)
        .referer(false)
        .user_agent(concat!("rasad/", env!("CARGO_PKG_VERSION")));
    if to_this_machine {
        // A proxy would carry what must not leave this machine, the token with it.
        builder = builder.no_proxy();
    }
    if let Some(path) = &access.ca {
        let authorities = Certificate::from_pem_bundle(&read(path, false)?).unwrap_or_default();
        if authorities.is_empty() {
            return Err(not_pem(path));
        }
        builder = builder.tls_certs_only(authorities);
    }
    match (&access.certificate, &access.key) {
        (Some(certificate), Some(key)) => {
            let mut pem = read(certificate, false)?;
            pem.push(b'\n');
            pem.extend_from_slice(&read(key, true)?);
            let identity = Identity::from_pem(&pem).map_err(|_| not_pem(certificate))?;
            builder = builder.identity(identity);
        }
        (None, None) => {}
        _ => return Err(Problem::fatal(What::Link(Fault::HalfIdentity))),
    }
    builder.build().map_err(|error| told(&error))
}

fn not_pem(path: &Path) -> Problem {
    Problem::fatal(What::Link(Fault::NotPem(clean::excerpt(&path.to_string_lossy()))))
}

/// What an error of a request means to a person: the innermost reason we can name, else its own words.
pub(in crate::source) fn told(error: &reqwest::Error) -> Problem {
    let mut inner: &dyn Error = error;
    loop {
        if let Some(fault) = fault(inner) {
            return Problem::fatal(What::Link(fault));
        }
        match inner.source() {
            Some(source) => inner = source,
            // The outer ones repeat the address.
            None => return Problem::fatal(What::Unreachable(clean::excerpt(&inner.to_string()))),
        }
    }
}

fn fault(error: &(dyn Error + 'static)) -> Option<Fault> {
    if let Some(error) = error.downcast_ref::<TlsError>() {
        return Some(tls_fault(error));
    }
    if let Some(error) = error.downcast_ref::<std::io::Error>() {
        // The library hides its own reason inside an error of input and output.
        if let Some(inner) = error.get_ref() {
            return fault(inner);
        }
        return match error.kind() {
            ErrorKind::ConnectionRefused => Some(Fault::Refused),
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => Some(Fault::Cut),
            ErrorKind::UnexpectedEof => Some(Fault::Cut),
            _ => None,
        };
    }
    let said = error.to_string();
    // What the resolver and the connection say has no type of its own.
    if said == "dns error" {
        return Some(Fault::UnknownHost);
    }
    let cut = [
        "connection closed before message completed",
        "end of file before message length reached",
    ];
    cut.iter().any(|words| said.contains(words)).then_some(Fault::Cut)
}

fn tls_fault(error: &TlsError) -> Fault {
    let TlsError::InvalidCertificate(reason) = error else {
        return Fault::Handshake(clean::excerpt(&error.to_string()));
    };
    match reason {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => Fault::CertificateExpired,
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Fault::CertificateNotYetValid,
        // An authority of the right name with another key is another authority.
        CertificateError::UnknownIssuer | CertificateError::BadSignature => Fault::UnknownAuthority,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Fault::WrongName,
        other => Fault::Handshake(clean::excerpt(&other.to_string())),
    }
}
