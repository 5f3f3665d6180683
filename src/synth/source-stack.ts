/** Stack in an account that a source is fetched from: the rule that sends its events to the hub. */
import type { Fleet, FleetPipeline } from '../fleet/index.ts'
import { type AssemblyStack, formatArn, type Need, rootArn, type TemplateResource } from '../model/index.ts'
import type { DeclaredSource } from './declare-sources.ts'
import { logicalId, type Names } from './names.ts'
import type { NeedsIndex } from './needs-index.ts'
import { resource } from './resource.ts'
import { roleFromNeeds } from './roles.ts'
import { template } from './stack.ts'

const busArn = ({ account, region }: Fleet['hub']): string =>
  formatArn('events', region, account, 'event-bus/default')

/** Sources whose events arise in another account than the hub's. */
const sentFromElsewhere = (fleet: Fleet, sources: readonly DeclaredSource[]) =>
  sources.flatMap((one) => {
    const { owner } = one.source
    return one.startedBy && owner && owner.account !== fleet.hub.account
      ? { source: one.source, events: one.startedBy, owner }
      : []
  })

type Forwarded = ReturnType<typeof sentFromElsewhere>

/** AWS: a rule sends events to a bus of another account as a role, which that bus' policy lets in. */
export function forwardNeeds(
  fleet: Fleet,
  pipeline: FleetPipeline,
  sources: readonly DeclaredSource[],
  names: Names,
): Need[] {
  return sentFromElsewhere(fleet, sources).flatMap(({ source, owner }): Need[] => {
    const role = names.roleArn(owner.account, pipeline.id, 'events')
    const because = 'to tell the hub that the source has changed'
    const rule = formatArn(
      'events',
      fleet.hub.region,
      owner.account,
      `rule/${names.rule(pipeline.id, 'source', source.key)}`,
    )
    return [
      {
        principal: 'events.amazonaws.com',
        action: 'sts:AssumeRole',
        resource: role,
        context: { 'aws:SourceArn': rule, 'aws:SourceAccount': owner.account },
        because,
      },
      { principal: role, action: 'events:PutEvents', resource: busArn(fleet.hub), because },
    ]
  })
}

/** Gives what lets the rules of other accounts in at the hub's bus. */
export function busPolicies(
  fleet: Fleet,
  pipeline: FleetPipeline,
  sources: readonly DeclaredSource[],
  names: Names,
): Record<string, TemplateResource> {
  const accounts = new Set(sentFromElsewhere(fleet, sources).map(({ owner }) => owner.account))
  return Object.fromEntries(
    [...accounts].map((account) => {
      const StatementId = names.busStatement(pipeline.id, account)
      return [
        logicalId('EventsFrom', account),
        resource('AWS::Events::EventBusPolicy', {
          StatementId,
          Statement: {
            Sid: StatementId,
            Effect: 'Allow',
            Principal: { AWS: rootArn(account) },
            Action: 'events:PutEvents',
            Resource: busArn(fleet.hub),
            Condition: {
              ArnEquals: { 'aws:PrincipalArn': names.roleArn(account, pipeline.id, 'events') },
            },
          },
        }),
      ]
    }),
  )
}

/** Gives the stacks, one for each account. */
export function sourceStacks(
  fleet: Fleet,
  names: Names,
  pipeline: FleetPipeline,
  sources: readonly DeclaredSource[],
  needs: NeedsIndex,
): AssemblyStack[] {
  const all = sentFromElsewhere(fleet, sources)
  const accounts = [...new Set(all.map(({ owner }) => owner.account))]
  return accounts.map((account) => {
    const here = all.filter(({ owner }) => owner.account === account)
    return sourceStack(fleet, names, pipeline, here, needs)
  })
}

function sourceStack(
  fleet: Fleet,
  names: Names,
  pipeline: FleetPipeline,
  forwarded: Forwarded,
  needs: NeedsIndex,
): AssemblyStack {
  const { account, environment } = forwarded[0]!.owner
  const title = `events of the sources of ${pipeline.id} in ${environment}`
  const rules = forwarded.map(({ source, events }) => [
    logicalId('SourceRule', source.key ?? ''),
    resource('AWS::Events::Rule', {
      Name: names.rule(pipeline.id, 'source', source.key),
      Description: `Tells the hub when the source ${source.name} of the pipeline ${pipeline.id} changes`,
      EventPattern: events,
      Targets: [{ Id: 'hub', Arn: busArn(fleet.hub), RoleArn: { 'Fn::GetAtt': ['EventsRole', 'Arn'] } }],
    }),
  ])
  return {
    name: names.pipelineStack(pipeline.id, 'source'),
    target: { account, region: fleet.hub.region },
    environment,
    title,
    template: template(`Crossdock fleet ${fleet.name}: ${title}`, {
      EventsRole: roleFromNeeds(names.roleArn(account, pipeline.id, 'events'), needs, {
        description: `What EventBridge tells the hub of the sources of ${pipeline.id} as`,
        iam: fleet.iam,
      }),
      ...Object.fromEntries(rules),
    }),
    capabilities: ['CAPABILITY_NAMED_IAM'],
    tags: fleet.tags,
    parametersFrom: {},
  }
}
