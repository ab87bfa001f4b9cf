copy stage_adresse (ligne, cle, insee, voie, genre, complement, numero, suffixe, position, parcelles, certifiee, maj, geom)
from stdin (format binary)
