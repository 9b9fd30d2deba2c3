//! The local certificate authority: makes it once, keeps it in a folder, issues the certificate that
//! the sandbox serves https with.
//!
//! Whoever has the authority's key could vouch for any name towards those who trust it. So its own
//! certificate limits it to this computer's names (name constraints, RFC 5280, section 4.2.1.10), and
//! its key is readable by its owner only.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write};
use std::net::IpAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CidrSubnet, DnType, ExtendedKeyUsagePurpose,
    GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
};
use time::{Duration, OffsetDateTime};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::aws_lc_rs::default_provider;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::rustls::{self, ServerConfig};

use crate::addresses::name_of;
use crate::random::Random;

const OWN_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];
const NAME: &str = "Graph Connect sandbox authority";
const AUTHORITY_LIFETIME: Duration = Duration::days(3650);
/// A server's certificate serves one run of the sandbox.
const SERVER_LIFETIME: Duration = Duration::days(90);

/// What https needs.
pub struct Authority {
    /// The certificate to trust, as PEM.
    pub certificate: PathBuf,
    /// Speaks TLS with a certificate of this authority.
    pub acceptor: TlsAcceptor,
}

/// Why there is no https.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// The folder or a file in it.
    #[error("{path} cannot be read or written")]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What is kept is no key, or no certificate could be made.
    #[error("no certificate could be made")]
    Certificate(#[from] rcgen::Error),
    /// The certificate cannot be served.
    #[error("https cannot be served")]
    Tls(#[from] rustls::Error),
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Authority").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

impl Authority {
    /// The authority that is kept in a folder, made if there is none yet. One that is good for other names
    /// than this computer's is kept in a folder of its own below.
    pub fn open(
        folder: &Path,
        hosts: &[String],
        random: &Random,
        now: OffsetDateTime,
    ) -> Result<Self, AuthorityError> {
        let names: Vec<&str> = hosts.iter().map(|host| name_of(host)).collect();
        let own_folder =
            if names.is_empty() { folder.to_owned() } else { folder.join(names.join("+")) };
        let folder = own_folder.as_path();
        let failed = |source| AuthorityError::File { path: folder.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(failed)?;
        let keep = |name: &str, make: &dyn Fn() -> Result<String, rcgen::Error>| {
            keep(&folder.join(name), make, random)
        };
        let key = keep("authority-key.pem", &|| Ok(KeyPair::generate()?.serialize_pem()))?;
        let key = KeyPair::from_pem(&key)?;
        keep("authority.pem", &|| Ok(authority_params(now, &names)?.self_signed(&key)?.pem()))?;

        let server_key = KeyPair::generate()?;
        let issuer = Issuer::new(authority_params(now, &names)?, key);
        let chain =
            vec![server_params(now, &names)?.signed_by(&server_key, &issuer)?.der().clone()];
        let server_key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server_key.serialize_der()));
        let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, server_key)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(Self { certificate: folder.join("authority.pem"), acceptor })
    }
}

/// What a file says; made first if it does not exist. The file appears whole or not at all, and two
/// sandboxes that start at once agree on one.
fn keep(
    path: &Path,
    make: &dyn Fn() -> Result<String, rcgen::Error>,
    random: &Random,
) -> Result<String, AuthorityError> {
    let failed = |source| AuthorityError::File { path: path.to_owned(), source };
    if !path.try_exists().map_err(failed)? {
        let text = make()?;
        let draft = path.with_extension(random.guid().to_string());
        let written = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&draft)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .and_then(|()| fs::hard_link(&draft, path));
        fs::remove_file(&draft).map_err(failed)?;
        match written {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(failed(error));
            }
            _ => {}
        }
    }
    fs::read_to_string(path).map_err(failed)
}

fn authority_params(
    now: OffsetDateTime,
    names: &[&str],
) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new([])?;
    params.distinguished_name.push(DnType::CommonName, NAME);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.not_before = now - Duration::days(1);
    params.not_after = now + AUTHORITY_LIFETIME;
    let subtree = |name: &str| match ip(name) {
        Some(ip) => {
            let prefix = if ip.is_ipv4() { 32 } else { 128 };
            GeneralSubtree::IpAddress(CidrSubnet::from_addr_prefix(ip, prefix))
        }
        None => GeneralSubtree::DnsName(name.to_owned()),
    };
    let permitted_subtrees = OWN_NAMES.iter().chain(names).map(|name| subtree(name)).collect();
    let excluded_subtrees = Vec::new();
    params.name_constraints = Some(NameConstraints { permitted_subtrees, excluded_subtrees });
    Ok(params)
}

/// The address that a name is, if it is one; an IPv6 address may stand in brackets, as in URLs.
fn ip(name: &str) -> Option<IpAddr> {
    name.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

fn server_params(now: OffsetDateTime, names: &[&str]) -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new([])?;
    for name in OWN_NAMES.iter().chain(names) {
        params.subject_alt_names.push(match ip(name) {
            Some(ip) => SanType::IpAddress(ip),
            None => SanType::DnsName((*name).try_into()?),
        });
    }
    params.distinguished_name.push(DnType::CommonName, "Graph Connect sandbox");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    params.not_before = now - Duration::days(1);
    params.not_after = now + SERVER_LIFETIME;
    Ok(params)
}
