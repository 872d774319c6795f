// Registers a repository by its path on the machine that Tandem runs on.

import { useQueryClient } from '@tanstack/react-query';
import { FolderPlus } from 'lucide-react';
import { toFault } from 'kernel/basics';
import { useRef, useState, type FormEvent } from 'react';

import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Field, type FieldProblemFace } from '../components/field.tsx';
import { tell } from '../components/tell.ts';
import { freshKey } from '../requests/orders.ts';
import { useOrder } from '../requests/use-order.ts';
import { registerRepository } from './queries.ts';

const EMPTY: FieldProblemFace = {
  what: 'No path is given.',
  why: 'The server has to know where the repository lies.',
  next: 'Write the whole path of its folder.',
};

export function RegisterCard() {
  const queries = useQueryClient();
  const [path, setPath] = useState('');
  const [problem, setProblem] = useState<FieldProblemFace>();
  const key = useRef(freshKey());
  const register = useOrder({
    send: registerRepository,
    doing: 'Registering the repository',
    quiet: true,
    done: ({ repository, already }) => {
      setPath('');
      key.current = freshKey();
      void queries.invalidateQueries({ queryKey: ['atomic'] });
      tell(already ? `${repository.name} is registered already.` : `${repository.name} is registered.`, {
        tone: 'good',
      });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const wanted = path.trim();
    if (wanted === '') return setProblem(EMPTY);
    register.mutate(
      { key: key.current, wanted: { path: wanted } },
      {
        onError: (thrown) => {
          setProblem(toFault(thrown, 'Registering the repository'));
          key.current = freshKey();
        },
      },
    );
  };
  return (
    <Card title="Register a repository" icon={FolderPlus}>
      <form onSubmit={submit} noValidate className="flex flex-wrap items-end gap-3">
        <Field
          className="min-w-0 flex-1 basis-72"
          label="Path"
          detail="A folder with a repository of Atomic. Nothing in it is changed."
          placeholder="/home/you/projects/shop"
          value={path}
          onText={(text) => {
            setPath(text);
            setProblem(undefined);
            key.current = freshKey();
          }}
          problem={problem}
        />
        <Button type="submit" look="primary" disabled={register.isPending}>
          {register.isPending ? 'Registering…' : 'Register'}
        </Button>
      </form>
    </Card>
  );
}
