import { useLingui } from '@lingui/react/macro';
import type { EtapeSchema, Objet } from '../api/types';
import { documentDe, finaliteDe } from '../personnel/finaliteDocument';

/** Which documents the steps offered beside « Enregistrer » make, and the purpose of the personal data they show. */
export function NoteDocuments({ objet, etapes }: { objet: Objet; etapes: readonly EtapeSchema[] }) {
  const { t } = useLingui();
  const faits = etapes.flatMap((etape) => {
    const document = documentDe(objet, etape.document);
    return document === null ? [] : [{ etape, document, finalite: finaliteDe(objet, document) }];
  });
  return faits.map(({ etape, document, finalite }) => (
    <p key={etape.id} className="discret">
      {finalite === null
        ? t`« ${etape.libelle} » : le document « ${document.libelle} » sera joint à la fiche.`
        : t`« ${etape.libelle} » : le document « ${document.libelle} » sera joint à la fiche. Il montre des données personnelles pour la finalité « ${finalite.libelle} ».`}
    </p>
  ));
}
