/** Makes an approval of what the file says, and tells who in it cannot be reached or let in. */
import { FleetError, type Hub, parseArn } from '../model/index.ts'
import type { ApprovalFile } from './approval-schema.ts'
import type { DataPath, FleetDocument } from './document.ts'
import type { FleetApproval } from './fleet.ts'
import { outputUses } from './output-uses.ts'

/** Gives it with every default filled in; undefined where none is asked for. `path` is the approval's. */
export function resolveApproval(
  file: ApprovalFile | undefined,
  path: DataPath,
  document: FleetDocument,
): FleetApproval | undefined {
  if (!file) return undefined
  if (file === true) return { emails: [], subscribers: [], approvers: [], skipWhenEmpty: false, outputs: [] }
  return { ...file, outputs: outputUses(file.message, [...path, 'message'], document) }
}

/** AWS: the roles of IAM Identity Center, which nobody else can attach a policy to. */
const OF_IDENTITY_CENTER = /:role\/aws-reserved\/sso\.amazonaws\.com\//

/**
 * Gives an error for everybody named in an approval who cannot be reached or let in from the hub.
 * AWS: a pipeline has no policy of its own, so that only roles of its account can be let answer; a function is told by a
 * permission on it, that the hub's stack makes beside the topic.
 */
export function approvalErrors(
  file: ApprovalFile | undefined,
  path: DataPath,
  hub: Hub,
  document: FleetDocument,
): FleetError[] {
  if (typeof file !== 'object') return []
  const errors: FleetError[] = []
  const complain = (key: string, index: number, what: string, fix: string) =>
    errors.push(new FleetError(what, { location: document.locate([...path, key, index]), fix }))
  for (const [index, arn] of file.approvers.entries())
    if (parseArn(arn)?.account !== hub.account)
      complain(
        'approvers',
        index,
        `${arn} is not of the hub, and AWS lets only the pipeline’s own account answer`,
        `name a role of ${hub.account} that they may assume`,
      )
    else if (OF_IDENTITY_CENTER.test(arn))
      complain(
        'approvers',
        index,
        'AWS lets nobody attach a policy to a role of IAM Identity Center',
        'allow codepipeline:PutApprovalResult in its permission set, or name a role that they may assume',
      )
  for (const [index, endpoint] of file.subscribers.entries()) {
    const arn = parseArn(endpoint)
    const isFunction = arn?.service === 'lambda'
    if (!arn || (arn.account === hub.account && (!isFunction || arn.region === hub.region))) continue
    complain(
      'subscribers',
      index,
      `${endpoint} is not in the hub’s account${isFunction ? ' and region' : ''}`,
      `name one of ${hub.account}${isFunction ? ` in ${hub.region}` : ''}, which may pass on what it is told`,
    )
  }
  return errors
}
