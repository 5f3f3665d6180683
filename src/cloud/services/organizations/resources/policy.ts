/** AWS::Organizations::Policy. */
import { AwsError } from '../../../../model/index.ts'
import { type Properties, type ResourceContext, resourceType } from '../../../kernel/resource-type.ts'
import { updateTags, withStackTags } from './resource-tags.ts'

const TYPE = 'AWS::Organizations::Policy'

/** The property takes the document as an object or as its text. */
const textOf = (content: unknown): string => (typeof content === 'string' ? content : JSON.stringify(content))

const targetsOf = ({ TargetIds }: Properties): string[] => [...new Set<string>(TargetIds ?? [])]

interface Summary {
  readonly Id?: string
  readonly Arn?: string
  readonly AwsManaged?: boolean
}

const outcome = ({ Id = '', Arn, AwsManaged }: Summary) => ({
  physicalId: Id,
  attributes: { Id, Arn, AwsManaged },
})

async function attach(PolicyId: string, targets: readonly string[], rc: ResourceContext): Promise<void> {
  for (const TargetId of targets) await rc.call('organizations', 'AttachPolicy', { PolicyId, TargetId })
}

async function detach(PolicyId: string, targets: readonly string[], rc: ResourceContext): Promise<void> {
  for (const TargetId of targets)
    await rc
      .call('organizations', 'DetachPolicy', { PolicyId, TargetId })
      .catch(unless('PolicyNotAttachedException', 'TargetNotFoundException'))
}

/** Takes errors of these codes for none: what should go is gone. */
const unless =
  (...codes: readonly string[]) =>
  (error: unknown) => {
    if (!(error instanceof AwsError) || !codes.includes(error.code)) throw error
  }

/** Errors: the policy cannot be attached to a target; it is gone again then. */
async function createAttached(properties: Properties, rc: ResourceContext) {
  const { Policy } = await rc.call('organizations', 'CreatePolicy', {
    Name: properties.Name,
    Type: properties.Type,
    Description: properties.Description ?? '',
    Content: textOf(properties.Content),
    ...withStackTags(properties, rc),
  })
  const summary = Policy!.PolicySummary!
  const done: string[] = []
  try {
    for (const target of targetsOf(properties)) {
      await attach(summary.Id!, [target], rc)
      done.push(target)
    }
  } catch (error) {
    await detach(summary.Id!, done, rc)
    await rc.call('organizations', 'DeletePolicy', { PolicyId: summary.Id! })
    throw error
  }
  return summary
}

export const policy = resourceType({
  type: TYPE,
  create: async (properties, rc) => {
    return outcome(await createAttached(properties, rc))
  },
  update: async (PolicyId, properties, previous, rc) => {
    const { Policy } = await rc.call('organizations', 'UpdatePolicy', {
      PolicyId,
      Name: properties.Name,
      Description: properties.Description ?? '',
      Content: textOf(properties.Content),
    })
    const [now, before] = [targetsOf(properties), targetsOf(previous)]
    const added = now.filter((id) => !before.includes(id))
    const gone = before.filter((id) => !now.includes(id))
    await attach(PolicyId, added, rc)
    await detach(PolicyId, gone, rc)
    await updateTags(PolicyId, properties, previous, rc)
    return outcome(Policy!.PolicySummary!)
  },
  delete: async (PolicyId, properties, rc) => {
    await detach(PolicyId, targetsOf(properties), rc).catch(unless('PolicyNotFoundException'))
    await rc.call('organizations', 'DeletePolicy', { PolicyId }).catch(unless('PolicyNotFoundException'))
  },
})
