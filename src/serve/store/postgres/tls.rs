//! TLS to a database on another machine, by the library everything else of the program speaks it by.

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use rustls_platform_verifier::BuilderVerifierExt as _;
use std::fmt;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

/// How much is asked of the database's certificate, in the words of `libpq`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// `require`: encrypted, but whoever stands in between is not noticed; with an authority of our own, as [`Mode::Authority`].
    Encrypted,
    /// `verify-ca`: signed by somebody trusted, for whatever name.
    Authority,
    /// `verify-full`: signed by somebody trusted, and for this very server.
    Full,
}

impl Mode {
    /// The mode of a word of `sslmode`; nothing for those that would go on in the clear.
    pub(super) fn named(word: &str) -> Option<Self> {
        match word {
            "require" => Some(Self::Encrypted),
            "verify-ca" => Some(Self::Authority),
            "verify-full" => Some(Self::Full),
            _ => None,
        }
    }
}

/// Makes encrypted connections, where the address asks for them.
#[derive(Clone)]
pub struct Connector(Option<TlsConnector>);

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "Connector(TLS)"
        } else {
            "Connector(plain)"
        })
    }
}

impl Connector {
    /// For a database on this machine.
    pub(super) fn plain() -> Self {
        Self(None)
    }

    /// For one beyond it; `root` is the authority that signs its certificate, when it is none the machine trusts.
    ///
    /// # Errors
    /// The authority's file cannot be used, or the machine trusts nobody.
    pub(super) fn new(mode: Mode, root: Option<&Path>) -> Result<Self, String> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let algorithms = provider.signature_verification_algorithms;
        let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let config = match (mode, root) {
            (Mode::Encrypted, None) => builder
                .dangerous()
                .with_custom_certificate_verifier(Arc::new(Lenient {
                    algorithms,
                    roots: None,
                }))
                .with_no_client_auth(),
            (Mode::Full, None) => builder
                .with_platform_verifier()
                .map_err(|error| error.to_string())?
                .with_no_client_auth(),
            (Mode::Authority, None) => return Err("verify-ca needs sslrootcert".to_owned()),
            (Mode::Full, Some(root)) => builder.with_root_certificates(roots(root)?).with_no_client_auth(),
            (Mode::Encrypted | Mode::Authority, Some(root)) => {
                let roots = verifier(roots(root)?, provider)?;
                let lenient = Lenient {
                    algorithms,
                    roots: Some(roots),
                };
                builder
                    .dangerous()
                    .with_custom_certificate_verifier(Arc::new(lenient))
                    .with_no_client_auth()
            }
        };
        Ok(Self(Some(Arc::new(config).into())))
    }
}

fn roots(file: &Path) -> Result<RootCertStore, String> {
    let unusable = |error: &dyn fmt::Display| format!("sslrootcert {}: {error}", file.display());
    let mut store = RootCertStore::empty();
    let certificates = CertificateDer::pem_file_iter(file).map_err(|error| unusable(&error))?;
    for certificate in certificates {
        let certificate = certificate.map_err(|error| unusable(&error))?;
        store.add(certificate).map_err(|error| unusable(&error))?;
    }
    if store.is_empty() {
        return Err(unusable(&"no certificate in it"));
    }
    Ok(store)
}

fn verifier(roots: RootCertStore, provider: Arc<CryptoProvider>) -> Result<Arc<WebPkiServerVerifier>, String> {
    let built = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider).build();
    built.map_err(|error| error.to_string())
}

/// Looks at who signed, if at that, and not at the name.
#[derive(Debug)]
struct Lenient {
    algorithms: WebPkiSupportedAlgorithms,
    roots: Option<Arc<WebPkiServerVerifier>>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let Some(roots) = &self.roots else {
            return Ok(ServerCertVerified::assertion());
        };
        match roots.verify_server_cert(end_entity, intermediates, name, ocsp, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            verified => verified,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        rustls::crypto::verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Connector {
    type Stream = Stream<S>;
    type TlsConnect = Connect;
    type Error = io::Error;

    fn make_tls_connect(&mut self, host: &str) -> io::Result<Connect> {
        // A plain address never comes so far as to shake hands, but the driver gets ready for it.
        let name = ServerName::try_from(host.to_owned()).or_else(|_| ServerName::try_from("localhost"));
        Ok(Connect {
            connector: self.0.clone(),
            name: name.map_err(io::Error::other)?,
        })
    }
}

/// One connection about to be encrypted.
#[derive(Clone)]
pub struct Connect {
    connector: Option<TlsConnector>,
    name: ServerName<'static>,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Connect {
    type Stream = Stream<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Stream<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        Box::pin(async move {
            let connector = self.connector.ok_or(io::ErrorKind::Unsupported)?;
            connector.connect(self.name, stream).await.map(Stream)
        })
    }
}

/// An encrypted connection.
#[derive(Debug)]
pub struct Stream<S>(TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> tokio_postgres::tls::TlsStream for Stream<S> {
    fn channel_binding(&self) -> ChannelBinding {
        // It would need the hash the certificate was signed with, and with it a reader of certificates; who signed is verified.
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buf)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
