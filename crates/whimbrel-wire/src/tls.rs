//! Encryption: what each `sslmode` promises, and the one provider of cryptography.

#![cfg_attr(
    not(all(feature = "postgres", feature = "mysql")),
    allow(dead_code, reason = "what only one of the drivers uses")
)]

use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
};
use whimbrel::connection::{DatabaseError, Trouble};

use crate::{SslMode, Target};

/// How much of the server's certificate is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Check {
    /// None of it: what is sent is hidden from listeners, but not from an impostor.
    Nothing,
    /// That somebody we trust has signed it.
    Chain,
    /// That, and that it is made out to the host.
    ChainAndName,
}

/// What `mode` asks for; a root certificate makes `require` look at the chain, as in libpq.
pub(crate) fn check(target: &Target) -> Check {
    match target.ssl_mode() {
        SslMode::VerifyFull => Check::ChainAndName,
        SslMode::VerifyCa => Check::Chain,
        SslMode::Require if target.parameter("sslrootcert").is_some() => Check::Chain,
        SslMode::Require | SslMode::Disable | SslMode::Allow | SslMode::Prefer => Check::Nothing,
    }
}

/// Makes aws-lc-rs the process's provider, unless the application has chosen one itself.
#[cfg(feature = "mysql")]
pub(crate) fn install_provider() {
    // An error only says that one is there already.
    let _ = aws_lc_rs::default_provider().install_default();
}

/// The client's side of TLS for `target`.
pub(crate) fn config(target: &Target) -> Result<ClientConfig, DatabaseError> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error.to_string()))?;
    let verifier: Arc<dyn ServerCertVerifier> = match check(target) {
        Check::Nothing => Arc::new(AnyName { chain: None, provider }),
        Check::Chain => {
            let chain = Some(chain(target, Arc::clone(&provider))?);
            Arc::new(AnyName { chain, provider })
        }
        Check::ChainAndName => chain(target, provider)?,
    };
    Ok(builder.dangerous().with_custom_certificate_verifier(verifier).with_no_client_auth())
}

/// A verifier that trusts `sslrootcert`, or without one the certificate authorities that Mozilla
/// trusts.
fn chain(
    target: &Target,
    provider: Arc<CryptoProvider>,
) -> Result<Arc<WebPkiServerVerifier>, DatabaseError> {
    let mut roots = RootCertStore::empty();
    match target.parameter("sslrootcert") {
        None | Some("system") => roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
        Some(file) => {
            let failed = |why: &str| unusable(&format!("`sslrootcert` `{file}`: {why}"));
            let found =
                CertificateDer::pem_file_iter(file).map_err(|error| failed(&error.to_string()))?;
            for certificate in found {
                let certificate = certificate.map_err(|error| failed(&error.to_string()))?;
                roots.add(certificate).map_err(|error| failed(&error.to_string()))?;
            }
            if roots.is_empty() {
                return Err(failed("it holds no certificate"));
            }
        }
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(roots), provider)
        .build()
        .map_err(|error| unusable(&error.to_string()))
}

fn unusable(why: &str) -> DatabaseError {
    DatabaseError::new(Trouble::Other, format!("TLS can't be set up: {why}"))
}

/// Takes a certificate whoever it is made out to: one that `chain` trusts, or without it any.
#[derive(Debug)]
struct AnyName {
    chain: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        chain: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(trusted) = &self.chain else { return Ok(ServerCertVerified::assertion()) };
        // The name is looked at last, so that a wrong name means a right chain.
        match trusted.verify_server_cert(certificate, chain, name, ocsp, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let known = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
