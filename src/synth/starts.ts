/** The rules in the hub whose events start a pipeline: of its source, of the clock, of other pipelines. */
import type { Fleet, FleetPipeline } from '../fleet/index.ts'
import { formatArn, type Need, type TemplateResource } from '../model/index.ts'
import { reason } from '../pipeline/index.ts'
import type { DeclaredSource } from './declare-sources.ts'
import { logicalId, type Names } from './names.ts'
import { resource } from './resource.ts'
import { pipelineName } from './scopes.ts'

export interface StartRule {
  readonly logicalId: string
  readonly name: string
  readonly description: string
  /** Which events, or when. */
  readonly trigger:
    | { readonly EventPattern: Readonly<Record<string, unknown>> }
    | { readonly ScheduleExpression: string }
}

/** Gives the rules of a pipeline; a source that starts it by itself has none. */
export function startRules(
  fleet: Fleet,
  pipeline: FleetPipeline,
  sources: readonly DeclaredSource[],
  names: Names,
): StartRule[] {
  const { id, start } = pipeline
  const rules: StartRule[] = []
  for (const { source, startedBy } of sources)
    if (startedBy)
      rules.push({
        logicalId: logicalId('SourceRule', source.key ?? ''),
        name: names.rule(id, 'source', source.key),
        description: `Starts the pipeline ${id} when its source ${source.key ? `${source.key} ` : ''}changes`,
        trigger: { EventPattern: startedBy },
      })
  if (start.schedule)
    rules.push({
      logicalId: 'ScheduleRule',
      name: names.rule(id, 'schedule'),
      description: `Starts the pipeline ${id} by the clock`,
      trigger: { ScheduleExpression: start.schedule },
    })
  if (start.after.length)
    rules.push({
      logicalId: 'AfterRule',
      name: names.rule(id, 'after'),
      description: `Starts the pipeline ${id} after ${start.after.join(', ')}`.slice(0, 512),
      trigger: { EventPattern: succeeded(start.after.map((one) => nameOf(one, fleet, names))) },
    })
  return rules
}

const nameOf = (id: string, fleet: Fleet, names: Names): string =>
  pipelineName(fleet, fleet.pipelines.find((one) => one.id === id)!, names)

/** AWS: the event of an execution that has ended well. */
const succeeded = (pipelines: readonly string[]) => ({
  source: ['aws.codepipeline'],
  'detail-type': ['CodePipeline Pipeline Execution State Change'],
  detail: { state: ['SUCCEEDED'], pipeline: pipelines },
})

/** AWS: EventBridge assumes the role of a rule's target and says for which rule. */
export function startNeeds(
  fleet: Fleet,
  pipeline: FleetPipeline,
  names: Names,
  rules: readonly StartRule[],
): Need[] {
  if (!rules.length) return []
  const { hub } = fleet
  const role = names.roleArn(hub.account, pipeline.id, 'events')
  return [
    ...rules.map(({ name }) => ({
      principal: 'events.amazonaws.com',
      action: 'sts:AssumeRole',
      resource: role,
      context: {
        'aws:SourceArn': formatArn('events', hub.region, hub.account, `rule/${name}`),
        'aws:SourceAccount': hub.account,
      },
      ...reason({ kind: 'start' }),
    })),
    {
      principal: role,
      action: 'codepipeline:StartPipelineExecution',
      resource: formatArn('codepipeline', hub.region, hub.account, pipelineName(fleet, pipeline, names)),
      ...reason({ kind: 'start' }),
    },
  ]
}

/** Gives the resources of the rules; they act as the role `EventsRole` of their stack. */
export const ruleResources = (rules: readonly StartRule[]): Record<string, TemplateResource> =>
  Object.fromEntries(
    rules.map(({ logicalId, name, description, trigger }) => [
      logicalId,
      resource('AWS::Events::Rule', {
        Name: name,
        Description: description,
        ...trigger,
        Targets: [
          {
            Id: 'pipeline',
            Arn: {
              'Fn::Sub': 'arn:${AWS::Partition}:codepipeline:${AWS::Region}:${AWS::AccountId}:${Pipeline}',
            },
            RoleArn: { 'Fn::GetAtt': ['EventsRole', 'Arn'] },
          },
        ],
      }),
    ]),
  )
