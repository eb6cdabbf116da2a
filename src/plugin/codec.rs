//! Messages of gRPC in buffers of their own size.

use std::marker::PhantomData;

use prost::Message;
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, EncodeBuf, Encoder};
use tonic_prost::{ProstCodec, ProstDecoder};

/// The bytes of a buffer before it is known how long the message is: its prefix, and a reply without values. tonic's
/// own codec begins with 8 KB for each request and each reply, of which most have a few hundred bytes.
const FIRST_BYTES: usize = 64;

/// The bytes of a stream's messages that are sent together, as in tonic's own codec.
const SENT_TOGETHER: usize = 32 * 1024;

fn buffers() -> BufferSettings {
    BufferSettings::new(FIRST_BYTES, SENT_TOGETHER)
}

/// Protobuf messages: `T` is sent, `U` received.
#[derive(Debug, Clone)]
pub(crate) struct MessageCodec<T, U>(PhantomData<(T, U)>);

impl<T, U> Default for MessageCodec<T, U> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<T, U> Codec for MessageCodec<T, U>
where
    T: Message + 'static,
    U: Message + Default + 'static,
{
    type Encode = T;
    type Decode = U;
    type Encoder = MessageEncoder<T>;
    type Decoder = ProstDecoder<U>;

    fn encoder(&mut self) -> Self::Encoder {
        MessageEncoder(PhantomData)
    }

    fn decoder(&mut self) -> Self::Decoder {
        ProstCodec::<T, U>::raw_decoder(buffers())
    }
}

/// Reserves what the message takes, and writes it.
#[derive(Debug)]
pub(crate) struct MessageEncoder<T>(PhantomData<T>);

impl<T: Message> Encoder for MessageEncoder<T> {
    type Item = T;
    type Error = Status;

    fn encode(&mut self, message: T, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.reserve(message.encoded_len());
        message.encode(to).map_err(|error| Status::internal(error.to_string()))
    }

    fn buffer_settings(&self) -> BufferSettings {
        buffers()
    }
}
