/** A user as the wire has it. */

import type { UserRecord } from '../state.ts'
import { boundaryOutput } from './boundary.ts'
import { tagList } from './tags.ts'

/** Gives a user as ListUsers has it. AWS: without tags and boundary. */
export const listedUser = (user: UserRecord) => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: user.arn,
  CreateDate: new Date(user.created),
})

/** Gives a user with all there is to tell. */
export const wholeUser = (user: UserRecord) => ({
  ...listedUser(user),
  ...boundaryOutput(user.boundary),
  ...(Object.keys(user.tags).length ? { Tags: tagList(user.tags) } : {}),
})
