select c.id as id, c.emplacement as emplacement from cimetiere.contrat c where c.id = any ($1)
