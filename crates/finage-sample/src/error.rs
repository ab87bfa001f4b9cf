//! What can go wrong while the town is made.

/// Failure of the generator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// The projection library refused a conversion.
    #[error(
        "PROJ ne sait pas convertir du système EPSG:{from} vers EPSG:{to} ({cause}) ; vérifiez que proj-data est installé."
    )]
    Projection {
        /// Source EPSG code.
        from: u32,
        /// Target EPSG code.
        to: u32,
        /// The library's words.
        cause: String,
    },
    /// A file could not be written.
    #[error("{path} : écriture impossible ({source}) ; vérifiez le dossier et l'espace libre.")]
    Write {
        /// The file.
        path: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A compressed stream could not be produced in memory.
    #[error("{name} : compression impossible ({source}).")]
    Compress {
        /// The archive or file being made.
        name: String,
        /// What the encoder said.
        #[source]
        source: std::io::Error,
    },
    /// The plan does not hold together.
    #[error("Plan de {commune} : {cause}.")]
    Plan {
        /// The commune.
        commune: String,
        /// What is wrong.
        cause: String,
    },
}
