/** What a rule of EventBridge needs to start a pipeline. */

import type { Need } from '../../model/index.ts'
import { reason } from '../../pipeline/index.ts'
import type { KnownStart } from '../landscape/landscape.ts'
import type { GatheredNeed } from './gathered-need.ts'
import type { Failure } from './proof.ts'

/**
 * AWS: EventBridge assumes the role of a rule's target and says for which rule; the role starts the pipeline, or puts
 * the event on the other account's bus, whose policy must let it in.
 */
export function startNeeds(start: KnownStart): GatheredNeed[] {
  const { rule, role, pipeline, bus, account } = start
  const why = reason({ kind: 'start' })
  const action = bus ? 'events:PutEvents' : 'codepipeline:StartPipelineExecution'
  const resource = bus ?? pipeline
  if (!role) {
    const need: Need = { principal: 'events.amazonaws.com', action, resource, ...why }
    return [{ need, impossible: withoutRole(start, need) }]
  }
  const context = { 'aws:SourceArn': rule, 'aws:SourceAccount': account }
  return [
    {
      need: { principal: 'events.amazonaws.com', action: 'sts:AssumeRole', resource: role, context, ...why },
    },
    { need: { principal: role, action, resource, ...why } },
  ]
}

/** AWS: a pipeline and the bus of another account are called under a role only. */
const withoutRole = ({ rule, origin }: KnownStart, { action, resource }: Need): Failure => ({
  by: { limit: 'rule without role' },
  saidNo: 'EventBridge',
  message: `RoleArn is required for target ${resource}.`,
  close: [`the rule ${rule} calls ${action} under no role`],
  remedies: [
    {
      belongsIn: 'target of the rule',
      origin,
      advice: `Give the rule's target a RoleArn: a role of its account that trusts events.amazonaws.com and allows ${action} on ${resource}.`,
    },
  ],
})
