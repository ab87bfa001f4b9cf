select c.id, c.emplacement from cimetiere.contrat c where c.id = any ($1)
