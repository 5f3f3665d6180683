/** An event that starts a function or a state machine. */
import { type Attributes, type Expansion, passedOn, type Serverless } from '../expansion.ts'
import type { RolePolicies } from '../policies.ts'
import { arnOf, type Properties, tagList } from '../properties.ts'

export interface EventTarget {
  readonly source: Serverless
  readonly kind: 'Function' | 'StateMachine'
  /** What stands for it where something calls it: an alias where it has one. */
  readonly reference: { readonly Ref: string }
  /** Whether that is an alias. */
  readonly aliased?: boolean
}

export interface Event {
  /** The id of what is made of it: the target's, then its own. */
  readonly id: string
  readonly name: string
  readonly type: string
  readonly target: EventTarget
  readonly properties: Properties
  readonly into: Expansion
}

/** Makes what an event takes; gives what the target's role needs for it. */
export type ExpandEvent = (event: Event) => RolePolicies | undefined

/** What stands beside the properties of everything that is made for an event. */
export const attributesOf = ({ target }: Event): Attributes => passedOn(target.source.attributes)

/** AWS: a function is called by its ARN, an alias and a state machine by what `Ref` gives. */
export const calledArn = ({ target: { source, kind, reference, aliased } }: Event): unknown =>
  kind === 'Function' && !aliased ? arnOf(source.id) : reference

/** AWS: the tags of the target, where it hands them on. */
export function propagatedTags({ target }: Event) {
  const { Tags, PropagateTags } = target.source.properties
  return PropagateTags === true && Tags !== undefined ? tagList(Tags) : undefined
}

/** Lets a service call the function. */
export function putPermission(event: Event, Principal: string, more: Properties = {}, suffix = ''): void {
  event.into.put(
    `${event.id}Permission${suffix}`,
    'AWS::Lambda::Permission',
    { Action: 'lambda:InvokeFunction', FunctionName: event.target.reference, Principal, ...more },
    attributesOf(event),
  )
}
