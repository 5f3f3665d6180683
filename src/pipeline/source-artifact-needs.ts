/** What every source action needs to store what it fetched. */
import type { Need } from '../model/index.ts'
import type { ActionSurroundings, WriteOptions } from './surroundings.ts'

/** Gives the needs of the role in effect to write the source artifact; `acl` says when it hands it to the bucket's owner. */
export const sourceArtifactNeeds = (
  { action, role, writes }: ActionSurroundings,
  acl: WriteOptions['acl'] = 'across accounts',
): Need[] =>
  (action.outputArtifacts ?? []).flatMap(({ name }) =>
    writes(role, name, `to store the source artifact ${name}`, { acl }),
  )
