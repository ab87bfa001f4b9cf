//! A private PostgreSQL cluster of the system's packages, owned by one directory.
