/** The rules in the hub whose events start a pipeline: of its source, of the clock, of other pipelines. */
import type { Fleet, FleetPipeline, SourceExpansion } from '../fleet/index.ts'
import { formatArn, type Need, type TemplateResource } from '../model/index.ts'
import { reason } from '../pipeline/index.ts'
import type { Names } from './names.ts'
import { resource } from './resource.ts'

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
export function startRules(pipeline: FleetPipeline, source: SourceExpansion, names: Names): StartRule[] {
  const { id, start } = pipeline
  const rules: StartRule[] = []
  if (source.startedBy)
    rules.push({
      logicalId: 'SourceRule',
      name: names.rule(id, 'source'),
      description: `Starts the pipeline ${id} when its source changes`,
      trigger: { EventPattern: source.startedBy },
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
      trigger: { EventPattern: succeeded(start.after) },
    })
  return rules
}

/** AWS: the event of an execution that has ended well. */
const succeeded = (pipelines: readonly string[]) => ({
  source: ['aws.codepipeline'],
  'detail-type': ['CodePipeline Pipeline Execution State Change'],
  detail: { state: ['SUCCEEDED'], pipeline: pipelines },
})

/** AWS: EventBridge assumes the role of a rule's target and says for which rule. */
export function startNeeds(
  { hub }: Fleet,
  pipeline: FleetPipeline,
  names: Names,
  rules: readonly StartRule[],
): Need[] {
  if (!rules.length) return []
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
      resource: formatArn('codepipeline', hub.region, hub.account, pipeline.id),
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
