/// Why a batch does not do what was asked.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum BatchError {
    /// The caller has none of this name.
    #[error("the batch does not exist")]
    NotFound,
    /// Its id is another caller's batch's.
    #[error("the request id names another batch")]
    Exists,
    /// As many as may be are not finished.
    #[error("{0} batches are not finished")]
    TooMany(i64),
    /// More bytes than may be would be kept.
    #[error("{0} bytes are kept already")]
    TooMuchKept(i64),
    /// Its upload is over.
    #[error("the batch takes no more of its file")]
    NotUploading,
    /// Bytes before the part are missing.
    #[error("byte {next_offset} is next, the part begins with byte {offset}")]
    Gap {
        /// The first byte that is missing.
        next_offset: i64,
        /// The part's first byte.
        offset: i64,
    },
    /// More bytes than announced.
    #[error("the file was announced with {n_bytes} bytes")]
    TooLong {
        /// Bytes announced.
        n_bytes: i64,
    },
    /// The part is not the file's last and smaller than any may be.
    #[error("the part has less than {0} bytes")]
    TooSmall(i64),
    /// Its upload cannot be ended yet.
    #[error("byte {next_offset} of {n_bytes} is next")]
    Incomplete {
        /// The first byte that is missing.
        next_offset: i64,
        /// Bytes announced.
        n_bytes: i64,
    },
    /// The bytes are another file's.
    #[error("the bytes have another digest than announced")]
    FileDiffers,
    /// It was cancelled or has expired.
    #[error("the batch was deleted")]
    Deleted,
}
