import { useContext, useEffect, useId, useState, type KeyboardEvent } from 'react';
import { Button } from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { configurationQuery, sessionQuery } from '../../api/queries';
import { formatHeure } from '../../format/nombres';
import { etapesQuery } from '../api/requetes';
import type { Fiche, Objet } from '../api/types';
import { Boite } from '../cadre/Boite';
import { grouperChamps } from '../fiche/Champs';
import { estVerrouillee } from '../fiche/verrou';
import type { Edition } from '../geometrie/edition';
import { SaisieGeometrie } from '../geometrie/SaisieGeometrie';
import { ChampSaisie } from './champs/ChampSaisie';
import { contexteDe, estRequis } from './conditions';
import { champsVisibles } from './controle';
import { DialogueConflit } from './DialogueConflit';
import { dansLaPhrase, etapesOffertes } from './etapesOffertes';
import { EtatInitial } from './EtatInitial';
import { Imbrique } from './imbrique';
import { Manquements } from './Manquements';
import { NoteDocuments } from './NoteDocuments';
import { Reconnexion } from './Reconnexion';
import { Resume } from './Resume';
import { useDireDefaut } from './useDireDefaut';
import { MOTIF, useFormulaire } from './useFormulaire';
import { useGarde } from './useGarde';
import { recordDe, recordPour } from './valeurs';

interface Props {
  objet: Objet;
  /** Null for a new row. */
  fiche: Fiche | null;
  avec: Readonly<Record<string, string>>;
  finalite: string | null;
  /** Whether a map stands beside, to draw on. */
  carte: boolean;
  onEdition: (edition: Edition | null) => void;
  onEnregistree: (fiche: Fiche) => void;
  /** The row was saved, and the form stays on it: the step asked with it was refused. */
  onGardee: (fiche: Fiche) => void;
  onAbandon: () => void;
}

/** The form of a row, made from the schema of its object; ready once it is known whose drafts to read. */
export function Formulaire(props: Props) {
  const { t } = useLingui();
  const { data, isPending } = useQuery(sessionQuery);
  if (isPending) return <p className="discret" role="status">{t`Chargement…`}</p>;
  return <Saisir {...props} compte={data?.compte ?? ''} />;
}

function Saisir({ objet, fiche: ouverte, avec, finalite, carte, compte, onEdition, onEnregistree, onGardee, onAbandon }: Props & { compte: string }) {
  const { t } = useLingui();
  const direDefaut = useDireDefaut();
  const { data: configuration } = useQuery(configurationQuery);
  const idMotif = useId();
  const [motif, setMotif] = useState('');
  const imbrique = useContext(Imbrique);
  const avenant = ouverte !== null && estVerrouillee(objet, ouverte);
  const f = useFormulaire({ objet, fiche: ouverte, avec, compte, finalite, motif: avenant ? motif : null, imbrique, onEnregistree, onGardee });
  const { saisie, connue: fiche, gardee, modifiee, defauts, refus, conflit, enCours } = f;
  const garde = useGarde(modifiee, !imbrique);
  const contexte = contexteDe(objet);
  const record = recordDe(objet.champs, fiche, saisie);
  const recordJson = recordPour(objet.champs, record);
  const visibles = champsVisibles(objet, fiche, saisie, contexte);
  const champDe = (nom: string) => objet.champs.find((c) => c.nom === nom) ?? null;
  const citer = (libelles: readonly string[]): string => libelles.map((libelle) => t`« ${libelle} »`).join(', ');

  const messages = new Map<string, string>();
  for (const [nom, defaut] of Object.entries(defauts)) messages.set(nom, direDefaut(nom === 'geometrie' ? null : champDe(nom), defaut));
  for (const { champ, message } of refus) messages.set(champ, message);
  const erreurs = [...messages].map(([champ, message]) => ({ champ, message, libelle: champ === 'geometrie' ? t`Géométrie` : champ === MOTIF ? t`Motif de l’avenant` : (champDe(champ)?.libelle ?? champ) }));
  const communes = configuration?.communes ?? [];
  const { data: permises } = useQuery({ ...etapesQuery(objet.module, objet.objet, fiche?.id ?? ''), enabled: fiche !== null && objet.etapes !== null && !avenant });
  // In a dialog, a row is made to be named: its own way is taken from its sheet.
  const offertes = avenant || imbrique ? [] : etapesOffertes(objet, { fiche, visibles: new Set(visibles.map((c) => c.nom)), record, permises: permises?.etapes ?? [] });

  const onKeyDown = (event: KeyboardEvent): void => {
    // Keys of a dialog that a field opened are that dialog's.
    if (!event.currentTarget.contains(event.target as HTMLElement)) return;
    // Passing over rules has a button and keys of its own.
    if ((event.target as HTMLElement).closest('[data-outre]')) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      // A button under the keyboard would take it for a press.
      event.preventDefault();
      event.stopPropagation();
      void f.enregistrer();
    }
  };
  // A control that goes away while it is written leaves the map to itself.
  useEffect(() => () => onEdition(null), [onEdition]);

  return (
    // The keys are those of its controls: Ctrl and Enter save from any of them.
    <form
      className="formulaire"
      noValidate
      onKeyDownCapture={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        // A form in a dialog of this one tells it what it sends too.
        if (event.target === event.currentTarget) void f.enregistrer();
      }}
    >
      {gardee ? (
        <p className="avis-fait" role="status">
          {t`La fiche « ${gardee.fiche.titre} » est enregistrée. L’étape « ${gardee.etape.libelle} » est refusée : voyez pourquoi ci-dessous.`}
        </p>
      ) : null}
      <Resume erreurs={erreurs} general={f.general} tour={f.tour}>
        {f.fermee ? (
          <Reconnexion
            // What no draft keeps stays in this page: one signs in beside it.
            beside={imbrique || f.personnels.length > 0}
            onPartir={garde.liberer}
          />
        ) : null}
      </Resume>
      <Manquements
        manquements={f.manquements}
        droit={objet.actions.includes('passer_outre')}
        change={f.changeDepuis}
        tour={f.tour}
        enCours={enCours}
        onPasser={(outre) => void f.passerOutre(outre)}
      />
      {f.restaure === null ? null : (
        <div className="avis-brouillon" role="status">
          {modifiee || f.tus.length === 0 ? <p>{t`Votre saisie du ${formatHeure(new Date(f.restaure).toISOString())}, non enregistrée, a été remise.`}</p> : null}
          {f.tus.length === 0 ? null : (
            <p>{t`Ce navigateur ne garde pas les données personnelles, qu’un autre pourrait y lire : de votre saisie du ${formatHeure(new Date(f.restaure).toISOString())}, écrivez de nouveau ${citer(f.tus)}.`}</p>
          )}
          <Button className="bouton" onPress={f.repartir}>
            {fiche ? t`Repartir de la fiche enregistrée` : t`Repartir d’une fiche vide`}
          </Button>
        </div>
      )}
      {avenant ? (
        <div className="champ" data-saisie={MOTIF} data-refuse={messages.has(MOTIF) ? 'oui' : undefined}>
          <label htmlFor={idMotif}>
            {t`Motif de l’avenant`}
            <span className="obligatoire"> {t`(obligatoire)`}</span>
          </label>
          <textarea
            id={idMotif}
            className="saisie saisie-longue"
            rows={2}
            maxLength={2000}
            aria-required="true"
            aria-invalid={messages.has(MOTIF)}
            aria-describedby={messages.has(MOTIF) ? `${idMotif}-erreur` : undefined}
            value={motif}
            onChange={(event) => setMotif(event.target.value)}
          />
          {messages.has(MOTIF) ? (
            <p id={`${idMotif}-erreur`} className="champ-erreur">
              {messages.get(MOTIF)}
            </p>
          ) : null}
        </div>
      ) : null}
      {fiche === null ? <EtatInitial objet={objet} /> : null}
      {grouperChamps(objet, visibles).map((g) => (
        <fieldset key={g.id} className="groupe">
          <legend className={g.libelle === null ? 'visuellement-cache' : 'groupe-titre'}>{g.libelle ?? t`Informations`}</legend>
          {g.champs.map((c) => (
            <ChampSaisie
              key={c.nom}
              objet={objet}
              champ={c}
              valeur={saisie.champs[c.nom] ?? ''}
              requis={estRequis(c, record, contexte)}
              erreur={messages.get(c.nom) ?? null}
              libelles={fiche?.libelles[c.nom]}
              record={recordJson}
              id={fiche?.id ?? null}
              onChange={(valeur) => f.changer({ champs: { ...saisie.champs, [c.nom]: valeur } })}
            />
          ))}
        </fieldset>
      ))}
      {fiche === null && communes.length > 1 ? (
        <div className="champ" data-saisie="insee">
          <label htmlFor="saisie-commune">{t`Commune`}</label>
          <select id="saisie-commune" className="saisie" value={saisie.insee ?? ''} onChange={(event) => f.changer({ insee: event.target.value === '' ? null : event.target.value })}>
            <option value="">{objet.geometrie ? t`Celle de la géométrie` : t`Aucune`}</option>
            {communes.map((c) => (
              <option key={c.insee} value={c.insee}>
                {c.nom}
              </option>
            ))}
          </select>
        </div>
      ) : null}
      {objet.geometrie && !avenant ? (
        <SaisieGeometrie
          genre={objet.geometrie.genre}
          obligatoire={objet.geometrie.obligatoire}
          geometrie={saisie.geometrie}
          erreur={messages.get('geometrie') ?? null}
          carte={carte}
          onChange={(geometrie) => f.changer({ geometrie })}
          onEdition={onEdition}
        />
      ) : null}
      <div className="rangee formulaire-pied">
        <button type="submit" className="bouton bouton-principal" disabled={enCours} title={t`Ctrl + Entrée`}>
          {enCours ? t`Enregistrement…` : t`Enregistrer`}
        </button>
        {offertes.map((e) => (
          <Button key={e.id} className="bouton" isDisabled={enCours} onPress={() => void f.enregistrer(e)}>
            {t`Enregistrer et ${dansLaPhrase(e.libelle)}`}
          </Button>
        ))}
        <Button className="bouton" onPress={() => (gardee ? onEnregistree(gardee.fiche) : onAbandon())}>
          {gardee && !modifiee ? t`Voir la fiche` : t`Quitter sans enregistrer`}
        </Button>
      </div>
      <NoteDocuments objet={objet} etapes={offertes} />
      {conflit ? (
        <DialogueConflit
          objet={objet}
          conflit={conflit.conflit}
          ici={saisie}
          fiche={conflit.fiche}
          la={conflit.la}
          brouillon={conflit.brouillon}
          onChoix={(garder) => void f.trancher(garder)}
          onFermer={f.fermerConflit}
        />
      ) : null}
      {garde.suite ? (
        <Boite titre={t`Quitter sans enregistrer ?`} question onFermer={garde.rester}>
          <p>{t`Votre saisie n’est pas enregistrée. Elle peut être gardée en brouillon dans ce navigateur, ou abandonnée.`}</p>
          {f.personnels.length === 0 ? null : <p>{t`Un brouillon ne garde pas les données personnelles, qu’un autre pourrait lire : ${citer(f.personnels.map((c) => c.libelle))} serait à écrire de nouveau.`}</p>}
          <div className="rangee">
            <Button className="bouton bouton-principal" onPress={garde.rester}>
              {t`Continuer la saisie`}
            </Button>
            <Button className="bouton" onPress={garde.partir}>
              {t`Garder le brouillon et quitter`}
            </Button>
            <Button
              className="bouton"
              onPress={() => {
                f.oublier();
                garde.partir();
              }}
            >
              {t`Abandonner la saisie`}
            </Button>
          </div>
        </Boite>
      ) : null}
    </form>
  );
}
