import {
  Button,
  Calendar,
  CalendarCell,
  CalendarGrid,
  CalendarGridBody,
  CalendarGridHeader,
  CalendarHeaderCell,
  DateInput,
  DatePicker,
  DateSegment,
  Dialog,
  Group,
  Heading,
  Popover,
  type DateValue,
} from 'react-aria-components';
import { useLingui } from '@lingui/react/macro';
import { parseAbsoluteToLocal, parseDate, type CalendarDate, type ZonedDateTime } from '@internationalized/date';
import { Cadre } from './Cadre';
import { texteDe, type PropsChamp } from './props';

function lireDate(texte: string): CalendarDate | null {
  try {
    return texte === '' ? null : parseDate(texte);
  } catch {
    return null;
  }
}

function lireInstant(texte: string): ZonedDateTime | null {
  try {
    return texte === '' ? null : parseAbsoluteToLocal(texte);
  } catch {
    return null;
  }
}

/** A day, or an instant to the minute: typed part by part or taken from a calendar. */
export function ChampDate(props: PropsChamp) {
  const { t } = useLingui();
  const { champ, valeur, requis, erreur, onChange } = props;
  const jour = champ.genre === 'date';
  const lue: DateValue | null = jour ? lireDate(texteDe(valeur)) : lireInstant(texteDe(valeur));
  const ecrire = (date: DateValue | null): void => {
    if (date === null) onChange('');
    else onChange('toAbsoluteString' in date ? date.toAbsoluteString() : date.toString());
  };
  return (
    <Cadre {...props}>
      {(liens) => (
        <DatePicker<DateValue>
          id={liens.id}
          className="date"
          aria-label={champ.libelle}
          aria-describedby={liens['aria-describedby']}
          value={lue}
          granularity={jour ? 'day' : 'minute'}
          hideTimeZone
          shouldForceLeadingZeros
          isInvalid={erreur !== null}
          isRequired={requis}
          validationBehavior="aria"
          onChange={ecrire}
        >
          <Group className="date-groupe saisie">
            <DateInput className="date-parties">{(segment) => <DateSegment segment={segment} className="date-partie" />}</DateInput>
            <Button className="bouton-nu" aria-label={t`Ouvrir le calendrier`}>
              <span aria-hidden="true">▾</span>
            </Button>
          </Group>
          <Popover className="volet-flottant">
            <Dialog className="volet-corps" aria-label={champ.libelle}>
              <Calendar className="calendrier">
                <header className="calendrier-tete">
                  <Button slot="previous" className="bouton-nu">
                    <span aria-hidden="true">‹</span>
                  </Button>
                  <Heading className="calendrier-mois" />
                  <Button slot="next" className="bouton-nu">
                    <span aria-hidden="true">›</span>
                  </Button>
                </header>
                <CalendarGrid>
                  <CalendarGridHeader>{(nom) => <CalendarHeaderCell>{nom}</CalendarHeaderCell>}</CalendarGridHeader>
                  <CalendarGridBody>{(date) => <CalendarCell date={date} className="calendrier-jour" />}</CalendarGridBody>
                </CalendarGrid>
              </Calendar>
            </Dialog>
          </Popover>
        </DatePicker>
      )}
    </Cadre>
  );
}
