//! The one line a plugin prints.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Major version of the Terraform plugin protocol that we speak.
pub(super) const PROTOCOL_VERSION: u8 = 6;

/// Version of go-plugin's own conventions.
const CORE_VERSION: u8 = 1;

/// What the host must know to connect.
#[derive(Debug)]
pub(super) struct Handshake<'a> {
    /// `unix` or `tcp`.
    pub(super) network: &'static str,
    /// Path of the socket, or `host:port`.
    pub(super) address: &'a str,
    /// DER of our certificate, when TLS is on.
    pub(super) certificate: Option<&'a [u8]>,
    /// The host asked about multiplexing, so that a seventh field is expected.
    pub(super) answer_multiplex: bool,
}

impl Handshake<'_> {
    /// The line, with its newline.
    pub(super) fn line(&self) -> String {
        let Self { network, address, .. } = self;
        let certificate = self.certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
        let multiplex = if self.answer_multiplex { "|false" } else { "" };
        format!("{CORE_VERSION}|{PROTOCOL_VERSION}|{network}|{address}|grpc|{certificate}{multiplex}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plaintext() {
        let handshake = Handshake {
            network: "unix",
            address: "/tmp/plugin123",
            certificate: None,
            answer_multiplex: false,
        };
        assert_eq!(handshake.line(), "1|6|unix|/tmp/plugin123|grpc|\n");
    }

    #[test]
    fn certificate_has_the_standard_alphabet_and_no_padding() {
        let handshake = Handshake {
            network: "tcp",
            address: "127.0.0.1:10000",
            certificate: Some(&[0xfb, 0xff, 0xfe, 0x00]),
            answer_multiplex: false,
        };
        assert_eq!(handshake.line(), "1|6|tcp|127.0.0.1:10000|grpc|+//+AA\n");
    }

    #[test]
    fn multiplexing_is_declined_when_asked_about() {
        let handshake =
            Handshake { network: "unix", address: "/tmp/s", certificate: None, answer_multiplex: true };
        assert_eq!(handshake.line(), "1|6|unix|/tmp/s|grpc||false\n");
    }
}
