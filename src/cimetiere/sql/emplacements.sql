select e.id, e.insee, e.nature, e.places_cercueil, e.places_urne, e.hors_service, e.reserve_jusqu_au, e.entretien_communal
from cimetiere.emplacement e where e.id = any ($1)
