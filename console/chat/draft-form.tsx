// A name and a text: how a persona, a scenario or a prompt begins.

import { Plus } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';

import { Button } from '../components/button.tsx';
import { Field } from '../components/field.tsx';
import { TextArea } from '../components/text-area.tsx';

export interface Drafted {
  readonly name: string;
  readonly text: string;
}

interface DraftFormFace {
  readonly isOpen: boolean;
  readonly onOpen: (isOpen: boolean) => void;
  /** What the button says that opens it. */
  readonly open: string;
  readonly nameLabel: string;
  readonly textLabel: string;
  readonly textHint: string;
  readonly before?: Drafted;
  readonly children?: ReactNode;
  /** True when it was saved. */
  readonly onSave: (drafted: Drafted) => Promise<boolean>;
}

const NAME_LENGTH_MAX = 100;
const TEXT_LENGTH_MAX = 16_000;

export function DraftForm(face: DraftFormFace) {
  if (face.isOpen) return <OpenForm {...face} />;
  return (
    <Button look="quiet" size="small" onClick={() => face.onOpen(true)}>
      <Plus aria-hidden /> {face.open}
    </Button>
  );
}

function OpenForm({ onOpen, nameLabel, textLabel, textHint, before, children, onSave }: DraftFormFace) {
  const [name, setName] = useState(before?.name ?? '');
  const [text, setText] = useState(before?.text ?? '');
  const [isSaving, setIsSaving] = useState(false);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setIsSaving(true);
    const isSaved = await onSave({ name: name.trim(), text: text.trim() });
    setIsSaving(false);
    if (isSaved) onOpen(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="space-y-3 rounded-lg border bg-canvas p-3">
      <Field label={nameLabel} value={name} onText={setName} maxLength={NAME_LENGTH_MAX} required />
      <TextArea
        label={textLabel}
        detail={textHint}
        value={text}
        rows={4}
        maxLength={TEXT_LENGTH_MAX}
        onText={setText}
        required
      />
      {children}
      <div className="flex justify-end gap-2">
        <Button size="small" look="quiet" onClick={() => onOpen(false)}>
          Cancel
        </Button>
        <Button
          type="submit"
          size="small"
          look="primary"
          disabled={isSaving || name.trim() === '' || text.trim() === ''}
        >
          Save
        </Button>
      </div>
    </form>
  );
}
