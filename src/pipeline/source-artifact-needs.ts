/** What every source action needs to store what it fetched. */
import type { Need } from '../model/index.ts'
import type { ActionSurroundings } from './surroundings.ts'

/** Gives the needs of the role in effect to write the source artifact. AWS: it grants the bucket's owner control. */
export const sourceArtifactNeeds = ({ action, role, writes }: ActionSurroundings): Need[] =>
  (action.outputArtifacts ?? []).flatMap(({ name }) =>
    writes(role, name, `to store the source artifact ${name}`, { acl: true }),
  )
