/** The record of a change set that was just asked for. */
import { formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { ChangeSet, Stack, StackVersion } from '../state.ts'

/** What a request says of a set beside the version that it brings. */
export type ChangeSetDetails = Pick<ChangeSet, 'name' | 'notificationArns'> &
  Partial<
    Pick<
      ChangeSet,
      | 'importsExisting'
      | 'toImport'
      | 'setDescription'
      | 'roleArn'
      | 'onStackFailure'
      | 'clientToken'
      | 'includesNested'
      | 'nestedIn'
    >
  >

export function newChangeSet(
  ctx: Context,
  stack: Stack,
  version: StackVersion,
  details: ChangeSetDetails,
): ChangeSet {
  const { outputs: _, imports: __, ...rest } = version
  return {
    ...rest,
    ...details,
    id: formatArn(
      'cloudformation',
      ctx.region,
      ctx.account,
      `changeSet/${details.name}/${ctx.cloud.ids.uuid()}`,
    ),
    stackId: stack.id,
    stackName: stack.name,
    type: details.toImport ? 'IMPORT' : stack.status === 'REVIEW_IN_PROGRESS' ? 'CREATE' : 'UPDATE',
    createdAt: ctx.cloud.clock.now(),
    status: 'CREATE_PENDING',
    executionStatus: 'UNAVAILABLE',
    changes: [],
  }
}
