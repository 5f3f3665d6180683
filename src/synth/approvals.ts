/** Approvals of a pipeline's stages: the action that waits, the topic that tells of it, and who may answer. */
import {
  expandText,
  type Fleet,
  type FleetPipeline,
  type FleetStage,
  type TextScope,
} from '../fleet/index.ts'
import {
  type ActionDeclaration,
  type Arn,
  formatArn,
  type Need,
  type OthersNeeds,
  parseArn,
  principalName,
  type TemplateResource,
} from '../model/index.ts'
import { provider } from '../pipeline/index.ts'
import { logicalId, type Names } from './names.ts'
import { policy } from './policy-parts.ts'
import { resource } from './resource.ts'
import { pipelineName } from './scopes.ts'
import { mergeNeeds, sidOf, statementOf } from './statements.ts'

const ACTION = 'approve'

const topicId = (stage: string): string => logicalId('Approval', stage)

const topicArn = ({ hub }: Fleet, pipeline: FleetPipeline, stage: FleetStage, names: Names): Arn =>
  formatArn('sns', hub.region, hub.account, names.topic(pipeline.id, stage.name))

/** Gives the stage of the declaration that asks: a stage of its own where it may be skipped. */
export const approvalStage = ({ name, approve }: FleetStage): string =>
  approve?.skipWhenEmpty ? `${name}-${ACTION}` : name

/** Gives the action that waits for an answer; none for a stage without approval. */
export function approvalActions(
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  names: Names,
  scope: TextScope,
): ActionDeclaration[] {
  if (!stage.approve) return []
  const { message, url, timeout } = stage.approve
  return [
    {
      name: ACTION,
      actionTypeId: provider.manualApproval.type,
      configuration: {
        NotificationArn: topicArn(fleet, pipeline, stage, names),
        ...(message && { CustomData: expandText(message, scope) }),
        ...(url && { ExternalEntityLink: url }),
      },
      ...(timeout !== undefined && { timeoutInMinutes: timeout }),
    },
  ]
}

/** Gives the topics of a pipeline's approvals, what lets them tell functions, and the policies of those who answer. */
export const approvalResources = (
  fleet: Fleet,
  pipeline: FleetPipeline,
  names: Names,
): Record<string, TemplateResource> =>
  Object.assign({}, ...pipeline.stages.map((stage) => resourcesOf(fleet, pipeline, stage, names)))

function resourcesOf(
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  names: Names,
): Record<string, TemplateResource> {
  const { approve, name } = stage
  if (!approve) return {}
  const subscriptions = [
    ...approve.emails.map((Endpoint) => ({ Protocol: 'email', Endpoint })),
    ...approve.subscribers.map((Endpoint) => ({ Protocol: protocolOf(Endpoint), Endpoint })),
  ]
  const resources: Record<string, TemplateResource> = {
    [topicId(name)]: resource('AWS::SNS::Topic', {
      TopicName: names.topic(pipeline.id, name),
      ...(subscriptions.length && { Subscription: subscriptions }),
    }),
  }
  for (const [index, FunctionName] of functionsOf(approve.subscribers).entries())
    resources[logicalId('ApprovalPermission', name, index ? String(index + 1) : '')] = resource(
      'AWS::Lambda::Permission',
      {
        Action: 'lambda:InvokeFunction',
        FunctionName,
        Principal: 'sns.amazonaws.com',
        SourceArn: { Ref: topicId(name) },
      },
    )
  if (approve.approvers.length)
    resources[logicalId('Approvers', name)] = approversPolicy(fleet, pipeline, stage, names)
  return resources
}

/** AWS: a policy is attached to a role by its name; what else the role may do is left as it is. */
function approversPolicy(
  fleet: Fleet,
  pipeline: FleetPipeline,
  stage: FleetStage,
  names: Names,
): TemplateResource {
  const { approvers = [] } = stage.approve ?? {}
  const taken = new Set<string>()
  const needs = answerNeeds(fleet, pipeline, stage, approvers[0]!, names)
  return resource('AWS::IAM::ManagedPolicy', {
    ManagedPolicyName: names.approvers(pipeline.id, stage.name),
    Path: fleet.iam.path,
    Description: `Lets its roles answer the approval of ${stage.name} of the pipeline ${pipeline.id}`,
    PolicyDocument: policy(mergeNeeds(needs).map((grant) => statementOf(grant, sidOf(grant, taken)))),
    Roles: approvers.map(principalName),
  })
}

const functionsOf = (subscribers: readonly string[]): string[] =>
  subscribers.filter((one) => parseArn(one)?.service === 'lambda')

/** AWS: the protocol of a subscription is the service's name, or the URL's own. */
const protocolOf = (endpoint: string): string => parseArn(endpoint)?.service ?? 'https'

/** Gives what those who answer approvals need, and the topics that tell programs of them. */
export function approvalNeeds(fleet: Fleet, pipeline: FleetPipeline, names: Names): OthersNeeds[] {
  return pipeline.stages.flatMap((stage): OthersNeeds[] => {
    if (!stage.approve) return []
    const { approvers, subscribers } = stage.approve
    const topic = topicArn(fleet, pipeline, stage, names)
    const needs = [
      ...approvers.flatMap((role) => answerNeeds(fleet, pipeline, stage, role, names)),
      ...subscribers.flatMap((endpoint) => tellingNeeds(endpoint, topic, fleet.hub.account)),
    ]
    return needs.length ? [{ stage: approvalStage(stage), action: ACTION, needs }] : []
  })
}

/**
 * AWS: an answer is allowed on the action's own ARN, and names the token that the pipeline's state, and in mode PARALLEL
 * its list of action executions, tells ("Grant approval permissions to an IAM user"; PutApprovalResult of the API).
 */
function answerNeeds(
  fleet: Fleet,
  of: FleetPipeline,
  stage: FleetStage,
  principal: Arn,
  names: Names,
): Need[] {
  const { hub } = fleet
  const pipeline = formatArn('codepipeline', hub.region, hub.account, pipelineName(fleet, of, names))
  const look = { principal, resource: pipeline, because: 'to see what waits for an answer' }
  return [
    ...['GetPipelineState', 'ListActionExecutions'].map((call) => ({
      action: `codepipeline:${call}`,
      ...look,
    })),
    {
      principal,
      action: 'codepipeline:PutApprovalResult',
      resource: `${pipeline}/${approvalStage(stage)}/${ACTION}`,
      because: `to answer the approval of ${stage.name}`,
    },
  ]
}

/** AWS: a topic tells functions and queues as SNS itself, which their own policies let in; nobody lets it tell a URL. */
function tellingNeeds(endpoint: string, topic: Arn, account: string): Need[] {
  const action = TELLING[parseArn(endpoint)?.service ?? '']
  if (!action) return []
  return [
    {
      principal: 'sns.amazonaws.com',
      action,
      resource: endpoint,
      context: { 'aws:SourceArn': topic, 'aws:SourceAccount': account },
      because: 'to tell of the approval',
    },
  ]
}

const TELLING: Readonly<Record<string, string>> = {
  lambda: 'lambda:InvokeFunction',
  sqs: 'sqs:SendMessage',
}

/** Gives the names of topics in declarations beside what they are in the stack that makes them. */
export const ownTopics = (fleet: Fleet, pipeline: FleetPipeline, names: Names): [string, unknown][] =>
  pipeline.stages.flatMap((stage): [string, unknown][] =>
    stage.approve ? [[topicArn(fleet, pipeline, stage, names), { Ref: topicId(stage.name) }]] : [],
  )
