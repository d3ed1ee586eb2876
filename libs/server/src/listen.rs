use std::fmt;
use std::io;
use std::net::{AddrParseError, Ipv4Addr, SocketAddr, TcpListener};
use std::str::FromStr;
use std::sync::{Arc, Mutex};

/// An address to listen on, or a socket that already does.
#[derive(Clone)]
pub struct Listen {
    address: SocketAddr,
    bound: Arc<Mutex<Option<TcpListener>>>,
}

impl Listen {
    /// Listens on `address` once the server starts.
    pub fn at(address: impl Into<SocketAddr>) -> Self {
        Self { address: address.into(), bound: Arc::default() }
    }

    /// Takes a free port of the loopback interface at once, so that its
    /// address can be given to others before the server starts.
    ///
    /// # Errors
    ///
    /// If there is none.
    pub fn on_free_port() -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        Ok(Self { address: listener.local_addr()?, bound: Arc::new(Mutex::new(Some(listener))) })
    }

    /// The address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The socket: the one already bound, the first time, else a new one.
    pub(crate) fn open(&self) -> io::Result<tokio::net::TcpListener> {
        let bound = self.bound.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        let listener = bound.map_or_else(|| TcpListener::bind(self.address), Ok)?;
        listener.set_nonblocking(true)?;
        tokio::net::TcpListener::from_std(listener)
    }
}

impl fmt::Debug for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)
    }
}

impl FromStr for Listen {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse::<SocketAddr>().map(Self::at)
    }
}
