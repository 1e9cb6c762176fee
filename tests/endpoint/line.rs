//! A connection to an endpoint as bytes, in the clear or over TLS, which two threads may use: one reads, the other writes.

use crate::client::PATIENCE;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore};
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::path::Path;
use std::sync::{Arc, Mutex};

/// How an endpoint is spoken to.
pub type Trust = Option<Arc<ClientConfig>>;

/// Trusts an endpoint that shows this certificate.
pub fn trust(certificate: &Path) -> Arc<ClientConfig> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(certificate).unwrap()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap();
    Arc::new(config.with_root_certificates(roots).with_no_client_auth())
}

/// A certificate for this machine and its key, in a directory.
pub fn certificate(dir: &Path) -> (std::path::PathBuf, std::path::PathBuf) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned(), "127.0.0.1".to_owned()]).unwrap();
    let (chain, key) = (dir.join("chain.pem"), dir.join("key.pem"));
    std::fs::write(&chain, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    (chain, key)
}

pub struct Line {
    tcp: TcpStream,
    tls: Option<Arc<Mutex<ClientConnection>>>,
    /// Came, and was not opened yet: a record is opened when what the one before held was taken.
    sealed: Vec<u8>,
}

impl Line {
    pub fn over(tcp: TcpStream, trust: &Trust) -> io::Result<Self> {
        tcp.set_read_timeout(Some(PATIENCE))?;
        tcp.set_write_timeout(Some(PATIENCE))?;
        tcp.set_nodelay(true)?;
        let mut line = Self {
            tcp,
            tls: None,
            sealed: Vec::new(),
        };
        if let Some(config) = trust {
            let name = ServerName::try_from("localhost").unwrap();
            let mut tls = ClientConnection::new(Arc::clone(config), name).map_err(io::Error::other)?;
            tls.complete_io(&mut line.tcp)?;
            line.tls = Some(Arc::new(Mutex::new(tls)));
        }
        Ok(line)
    }

    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self {
            tcp: self.tcp.try_clone()?,
            tls: self.tls.clone(),
            sealed: Vec::new(),
        })
    }

    /// Says that nothing more comes.
    pub fn end(&mut self) {
        if let Some(tls) = &self.tls {
            let mut tls = tls.lock().unwrap();
            tls.send_close_notify();
            while tls.wants_write() && tls.write_tls(&mut self.tcp).is_ok() {}
        }
        let _ = self.tcp.shutdown(Shutdown::Write);
    }
}

impl Read for Line {
    fn read(&mut self, to: &mut [u8]) -> io::Result<usize> {
        let Some(tls) = &self.tls else {
            return self.tcp.read(to);
        };
        let mut came = [0; 4 << 10];
        loop {
            match tls.lock().unwrap().reader().read(to) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                done => return done,
            }
            if self.sealed.is_empty() {
                // Whoever writes meanwhile is not kept waiting.
                let count = self.tcp.read(&mut came)?;
                self.sealed.extend(&came[..count]);
            }
            // Nothing at all is the end.
            let mut rest = self.sealed.as_slice();
            let mut tls = tls.lock().unwrap();
            tls.read_tls(&mut rest)?;
            tls.process_new_packets().map_err(io::Error::other)?;
            let taken = self.sealed.len() - rest.len();
            self.sealed.drain(..taken);
        }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Some(tls) = &self.tls else {
            return self.tcp.write(bytes);
        };
        let mut tls = tls.lock().unwrap();
        let count = tls.writer().write(bytes)?;
        while tls.wants_write() {
            tls.write_tls(&mut self.tcp)?;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
