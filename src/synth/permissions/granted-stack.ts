/** One stack as its permissions are told from it: the template evaluated once, references kept as references. */
import { entryOf, type Template, type TemplateResource } from '../../model/index.ts'
import {
  Choice,
  type DerivedResources,
  derivedResources,
  Evaluator,
  openParameters,
  partsOf,
  patterns,
  placeOfStack,
  pseudoValues,
  type StackPlace,
  TemplateFault,
  Text,
  Unknown,
  unknownOf,
  type Value,
} from '../../template/index.ts'

/** A template in its place. */
export interface StackSurroundings {
  readonly template: Template
  /** Parameter values that the deploy gives; undefined where an artifact or a variable does. */
  readonly parameters: Readonly<Record<string, string | undefined>>
  readonly account: string
  readonly region: string
  readonly stack: string
  /** Resources that the template no longer has and that CloudFormation deletes when it is deployed next. */
  readonly removed?: Template['Resources']
  /** Whether the whole stack may have tags, which CloudFormation puts on every resource. */
  readonly tagged?: boolean
  /** The role that creates and executes change sets, where it is not known to be CloudFormation's own. */
  readonly caller?: string
  /** Gives the text for a value that is told elsewhere, a parameter or an export; `*` where absent. */
  readonly standIn?: (unknown: Unknown) => string
  /** Gives what another stack exports under a name; undefined where nobody knows. */
  readonly exported?: (name: string) => Value | undefined
}

/** A resource that something refers to. */
export interface Referred {
  readonly id: string
  readonly resource: TemplateResource
}

/** Texts that the alternatives of several references may multiply to. */
const MOST_TEXTS = 64

export class GrantedStack {
  readonly around: StackSurroundings
  readonly #resources: Template['Resources']
  readonly #evaluator: Evaluator
  readonly #derived: DerivedResources
  readonly #references = new Map<string, Unknown>()
  readonly #values = new Map<Unknown, { readonly id: string; readonly value: Value }>()
  readonly #place: StackPlace
  readonly #properties = new Map<string, Map<string, Value | undefined>>()

  constructor(around: StackSurroundings) {
    this.around = around
    const { template, removed, parameters, account, region, stack, exported } = around
    this.#resources = removed ? { ...removed, ...template.Resources } : template.Resources
    this.#place = placeOfStack({ account, region, stackName: stack })
    this.#evaluator = new Evaluator({
      ...this.#place,
      region,
      values: new Map([...pseudo(around), ...openParameters(template, parameters, this.#place)]),
      mappings: template.Mappings ?? {},
      conditions: template.Conditions ?? {},
      reference: (id) => this.#referenceTo(id),
      attribute: (id, name) => this.#referenceTo(id, name),
      imported: (name) => {
        const text = typeof name === 'string' ? name : undefined
        return (
          (text !== undefined ? exported?.(text) : undefined) ??
          new Unknown(
            `export ${text ?? ''} in ${account} ${region}`,
            { kind: 'export', name: text ?? '' },
            { label: `export ${text ?? ''}` },
          )
        )
      },
    })
    this.#derived = derivedResources({
      ...{ account, region, stackName: stack, resources: this.#resources },
      value: (written) => this.#evaluator.value(written),
    })
  }

  /** The resources that their conditions do not certainly leave out. */
  resources(): [string, TemplateResource][] {
    const { Resources, Conditions = {} } = this.around.template
    return Object.entries(Resources).filter(
      ([, { Condition }]) =>
        Condition === undefined ||
        !Object.hasOwn(Conditions, Condition) ||
        this.#evaluator.condition(Condition) !== false,
    )
  }

  /** What a property holds, its functions carried out; undefined where it is left out. */
  property(id: string, name: string): Value | undefined {
    const written = entryOf(this.#resources, id)?.Properties
    if (!written || !Object.hasOwn(written, name)) return undefined
    let known = this.#properties.get(id)
    if (!known) {
      known = new Map()
      this.#properties.set(id, known)
    }
    if (!known.has(name)) known.set(name, this.#evaluated(id, name, written[name]))
    return known.get(name)
  }

  /** Of a function that Crossdock does not carry out nobody knows what it gives; a wrong one AWS refuses. */
  #evaluated(id: string, name: string, written: unknown): Value | undefined {
    try {
      return this.#evaluator.value(written)
    } catch (fault) {
      const isOurs = fault instanceof TemplateFault && fault.by === 'crossdock'
      if (!isOurs && Object.hasOwn(this.around.template.Resources, id)) throw fault
      return unknownOf(this.#place, `${name} of ${id}`, { kind: 'function', name, of: [] })
    }
  }

  /** What may stand at a path of property names of a resource; see `valuesAt`. */
  at(id: string, path: string): Value[] {
    const dot = path.indexOf('.')
    const first = dot < 0 ? path : path.slice(0, dot)
    const isList = first.endsWith('[]')
    const name = isList ? first.slice(0, -2) : first
    const value = this.property(id, name)
    return value === undefined ? [] : valuesAt({ [name]: value }, path)
  }

  /** The names that a resource may get. */
  names(id: string): readonly string[] {
    return this.texts(this.#derived.name(id))
  }

  /** The ARNs that a resource may get. */
  arns(id: string): readonly string[] {
    const arn = this.#derived.arn(id)
    return arn === undefined ? [] : this.texts(arn)
  }

  /** The resource that a value is a reference to. */
  referred(value: Value | undefined): Referred | undefined {
    const id = value instanceof Unknown ? this.#values.get(value)?.id : undefined
    const resource = id === undefined ? undefined : entryOf(this.#resources, id)
    return id !== undefined && resource ? { id, resource } : undefined
  }

  /**
   * Every text that a value may become, `*` for what nobody knows; none where it may only be left out. Dynamic references
   * are not known either, or stand as they are written (`whole`).
   */
  texts(value: Value | undefined, references: 'whole' | 'open' = 'open'): readonly string[] {
    const made = this.#texts(value)
    return references === 'whole' ? made : made.map(withoutDynamic)
  }

  #texts(value: Value | undefined): readonly string[] {
    if (typeof value === 'string') return [value]
    if (value instanceof Choice)
      return [...new Set([...this.#texts(value.ifTrue), ...this.#texts(value.ifFalse)])]
    if (value === undefined) return []
    const parts = partsOf(value)
    if (!parts) return ['*']
    let texts: readonly string[] = ['']
    for (const part of parts) {
      const each = typeof part === 'string' ? [part] : this.#textsOf(part)
      const few = texts.length * each.length <= MOST_TEXTS ? each : ['*']
      texts = texts.flatMap((text) => few.map((one) => text + one))
    }
    return [...new Set(texts)]
  }

  #textsOf(part: Unknown): readonly string[] {
    const reference = this.#values.get(part)
    if (reference) return this.#texts(reference.value)
    const { standIn } = this.around
    const isOfOthers = ['parameter', 'stored', 'export', 'output'].includes(part.why.kind)
    if (standIn && isOfOthers && !Array.isArray(part.looks)) return [standIn(part)]
    return patterns(part) as string[]
  }

  /** A reference stays one, so that it can be told what a property refers to; its text is looked up when it is asked for. */
  #referenceTo(id: string, attribute?: string): Value {
    const what = attribute === undefined ? id : `${id}.${attribute}`
    const known = this.#references.get(what)
    if (known) return known
    if (!Object.hasOwn(this.#resources, id))
      return unknownOf(this.#place, what, { kind: 'attribute', id, attribute })
    const value =
      attribute === undefined ? this.#derived.reference(id) : this.#derived.attribute(id, attribute)
    const parts = partsOf(value)
    const looks = parts ? new Text(parts) : value instanceof Unknown ? value.looks : 'anything'
    const reference = unknownOf(this.#place, what, { kind: 'attribute', id, attribute }, { looks })
    this.#references.set(what, reference)
    this.#values.set(reference, { id, value })
    return reference
  }
}

/** AWS: a dynamic reference is read when the resource is made. */
const withoutDynamic = (text: string): string =>
  text.includes('{{resolve:') ? text.replace(/\{\{resolve:[^}]*\}\}/g, '*') : text

function pseudo({ account, region, stack }: StackSurroundings): [string, Value][] {
  const place = placeOfStack({ account, region, stackName: stack })
  const id = unknownOf(place, 'id', { kind: 'made up', id: 'AWS::StackId' }, { looks: 'name' })
  const stackId = new Text([`arn:aws:cloudformation:${region}:${account}:stack/${stack}/`, id])
  return [
    ...pseudoValues({ account, region, stackName: stack, stackId: '', notificationArns: [] }),
    ['AWS::StackId', stackId],
  ]
}

/** What a value may be: every branch of what hangs on a condition, without those that leave it out. */
export function branches(value: Value | undefined): Value[] {
  if (value === undefined) return []
  if (!(value instanceof Choice)) return [value]
  return [...branches(value.ifTrue), ...branches(value.ifFalse)]
}

/** What stands at a path of property names; `Targets[].Arn` goes into each item of a list, `*` into each value of a map. */
export function valuesAt(value: Value | undefined, path: string): Value[] {
  return stepsInto(value, path.split('.'), 0)
}

function stepsInto(value: Value | undefined, steps: readonly string[], at: number): Value[] {
  const step = steps[at]
  return branches(value).flatMap((branch): Value[] => {
    if (step === undefined) return Array.isArray(branch) ? branch.flatMap(branches) : [branch]
    if (step === '*') return membersOf(branch).flatMap(([, one]) => stepsInto(one, steps, at + 1))
    const isList = step.endsWith('[]')
    const name = isList ? step.slice(0, -2) : step
    const inner = membersOf(branch).find(([key]) => key === name)?.[1]
    if (inner === undefined) return []
    const each = isList ? branches(inner).flat() : [inner]
    return (each as Value[]).flatMap((one) => stepsInto(one, steps, at + 1))
  })
}

const membersOf = (value: Value): [string, Value][] =>
  typeof value === 'object' && value !== null && !(value instanceof Unknown) && !(value instanceof Text)
    ? Object.entries(value)
    : []
