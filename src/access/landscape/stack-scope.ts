/** One stack's view of the world: what its intrinsic functions give. */
import { entryOf, plainText, type StackOutputReference, type TemplateResource } from '../../model/index.ts'
import {
  type Decision,
  type DerivedResources,
  derivedResources,
  Evaluator,
  hasOpen,
  isListType,
  type Lacking,
  lackingIn,
  presentIn,
  type RuleScope,
  storedType,
  TemplateFault,
  type TemplatePath,
  type Undecided,
  Unknown,
  type Value,
} from '../../template/index.ts'
import type { Origin, PlacedTemplate } from './placed-template.ts'
import { functionOf, pseudoOf, stackPlaceOf, unknownIn } from './stack-unknowns.ts'
import type { StandIns } from './stand-ins.ts'

/** Answers what other stacks give. */
export interface Neighbours {
  output(stack: string, account: string, region: string, output: string): Value | undefined
  exported(name: string, account: string, region: string): Value | undefined
}

/** A resource that is not certainly left out. */
export interface PresentResource {
  readonly logicalId: string
  readonly resource: TemplateResource
  /** The condition that it hangs on, where nobody knows whether it holds. */
  readonly when?: Undecided
}

/** Evaluates what stands in a stack's template; what is known only after deployment stays open. */
export class StackScope {
  readonly placed: PlacedTemplate
  /** Parameters without a value, by name. */
  readonly missing = new Set<string>()
  readonly standIns: StandIns
  readonly #neighbours: Neighbours
  readonly #references = new Map<string, Value>()
  readonly #resolving = new Set<string>()
  readonly #evaluator: Evaluator
  readonly #derived: DerivedResources
  readonly #refused: TemplateFault[] = []

  constructor(placed: PlacedTemplate, neighbours: Neighbours, standIns: StandIns) {
    this.placed = placed
    this.standIns = standIns
    this.#neighbours = neighbours
    const { stack, target, template, parameters } = placed
    this.#derived = derivedResources({
      ...target,
      stackName: stack,
      resources: template.Resources,
      value: (written) => this.value(written),
      given: (id) => entryOf(parameters, id),
    })
    this.#evaluator = new Evaluator({
      ...stackPlaceOf(placed),
      region: target.region,
      values: pseudoOf(placed),
      mappings: template.Mappings ?? {},
      conditions: template.Conditions ?? {},
      reference: (name) => this.#reference(name),
      attribute: (logicalId, attribute) => this.#attribute(logicalId, attribute),
      imported: (name) => this.#imported(name),
      refused: (fault) => {
        this.#refused.push(fault)
        const label = `a value of ${stack}`
        return new Unknown(`${fault.message} in ${stackPlaceOf(placed).place}`, functionOf([]), { label })
      },
      dynamic: (name) =>
        new Unknown(
          `{{resolve:${name}}} in ${target.account} ${target.region}`,
          { kind: 'dynamic', name },
          { label: `resolve:${name}` },
        ),
    })
  }

  /** The resources that the conditions let exist, or may let exist. */
  resources(): PresentResource[] {
    return Object.entries(this.placed.template.Resources).flatMap(([logicalId, resource]) => {
      const holds = resource.Condition === undefined || this.#condition(resource.Condition)
      if (!holds) return []
      return [{ logicalId, resource, ...(holds !== true && { when: holds }) }]
    })
  }

  /** Where a resource of this stack stands, or what is at a path within its properties. */
  origin(logicalId?: string, within: TemplatePath = []): Origin {
    const { stack, target, file, template, placeOf } = this.placed
    const path = [
      ...(logicalId === undefined ? [] : ['Resources', logicalId]),
      ...(within.length ? ['Properties', ...within] : []),
    ]
    const resourceType = logicalId === undefined ? undefined : entryOf(template.Resources, logicalId)?.Type
    return {
      ...target,
      stack,
      ...(logicalId !== undefined && { logicalId, resourceType }),
      ...(file && { file, ...placeOf?.(path) }),
    }
  }

  /** The physical name of a resource, as text. */
  nameOf(logicalId: string): string {
    return this.text(this.#derived.name(logicalId))
  }

  /** The ARN of a resource of a type whose ARNs are known, as text. */
  arnOf(logicalId: string): string {
    return this.text(this.#derived.arn(logicalId))
  }

  /** What Fn::GetAtt gives, as text. */
  attributeOf(logicalId: string, attribute: string): string {
    return this.text(this.#attribute(logicalId, attribute))
  }

  /** Every parameter's value as text; stand-ins for those without one. */
  parameters(): Record<string, string> {
    const names = Object.keys(this.placed.template.Parameters ?? {})
    return Object.fromEntries(names.map((name) => [name, this.text(this.#reference(name))]))
  }

  /** What rules see: parameters, pseudo parameters and mappings. */
  ruleScope(): RuleScope {
    const { target, template } = this.placed
    const names = Object.keys(template.Parameters ?? {})
    const values = new Map([
      ...pseudoOf(this.placed),
      ...names.map((name) => [name, this.#reference(name)] as const),
    ])
    return {
      ...stackPlaceOf(this.placed),
      region: target.region,
      values,
      mappings: template.Mappings ?? {},
    }
  }

  /** Gives a value with the calls in it that AWS refuses. */
  examine(written: unknown): {
    readonly value: Value | undefined
    readonly refused: readonly TemplateFault[]
  } {
    this.#refused.length = 0
    const value = this.value(written)
    return { value, refused: [...this.#refused] }
  }

  /** References of what is there to resources that their conditions leave out, which AWS refuses. */
  lacking(block: 'Resources' | 'Outputs'): Lacking[] {
    return lackingIn(
      block,
      presentIn(this.placed.template, (name) => this.#condition(name)),
    )
  }

  /** Whether a condition holds; undefined where that hangs on a value that is not known. */
  decides(condition: string): boolean | undefined {
    const decision = this.#condition(condition)
    return typeof decision === 'boolean' ? decision : undefined
  }

  output(name: string): Value | undefined {
    const output = entryOf(this.placed.template.Outputs, name)
    return output === undefined ? undefined : this.value(output.Value)
  }

  /** The names that this stack exports, with the outputs behind them. */
  exports(): [string, string][] {
    return Object.entries(this.placed.template.Outputs ?? {}).flatMap(([output, { Export, Condition }]) =>
      Export && (Condition === undefined || this.#condition(Condition) !== false)
        ? [[this.text(this.value(Export.Name)), output] as [string, string]]
        : [],
    )
  }

  /** Gives a value with every intrinsic function in it carried out; undefined where AWS::NoValue stands for it. */
  value(written: unknown): Value | undefined {
    return this.#evaluator.value(written)
  }

  /** The same as plain data, with stand-ins for what is open. */
  resolve(written: unknown): unknown {
    return this.standIns.plain(this.value(written))
  }

  /** A value that should be text, as text. */
  text(value: Value | undefined): string {
    const plain = this.standIns.plain(value)
    if (plain === undefined || plain === null) return ''
    if (Array.isArray(plain)) return plain.map(plainText).join(',')
    if (typeof plain !== 'object') return String(plain)
    return this.standIns.of(unknownIn(this.placed, 'a value', functionOf([])))
  }

  #condition(name: string): Decision {
    try {
      return this.#evaluator.condition(name)
    } catch (error) {
      // AWS refuses a condition that is not there, or that hangs on itself.
      if (error instanceof TemplateFault) return false
      throw error
    }
  }

  #reference(name: string): Value {
    const known = this.#references.get(name)
    if (known !== undefined) return known
    if (this.#resolving.has(name)) return unknownIn(this.placed, name, { kind: 'attribute', id: name })
    this.#resolving.add(name)
    const value = this.#findReference(name)
    this.#resolving.delete(name)
    this.#references.set(name, value)
    return value
  }

  #findReference(name: string): Value {
    const { template } = this.placed
    if (template.Parameters && Object.hasOwn(template.Parameters, name)) return this.#parameter(name)
    if (Object.hasOwn(template.Resources, name)) return this.#derived.reference(name)
    return unknownIn(this.placed, name, { kind: 'attribute', id: name })
  }

  #parameter(name: string): Value {
    const { parameters = {}, parametersFrom = {}, template } = this.placed
    const { Type = 'String', Default, AllowedValues } = entryOf(template.Parameters!, name)!
    const from = entryOf(parametersFrom, name)
    const given = entryOf(parameters, name) ?? (from && this.#outputs([from].flat())) ?? (Default as Value)
    const isList = isListType(Type)
    if (given === undefined || storedType(Type) !== undefined) {
      if (given === undefined) this.missing.add(name)
      const kind = storedType(Type) === undefined ? 'parameter' : 'stored'
      const candidates = kind === 'parameter' ? AllowedValues?.map(plainText) : undefined
      const { place: of } = stackPlaceOf(this.placed)
      return unknownIn(this.placed, name, { kind, name, of }, isList ? 'list' : candidates)
    }
    if (hasOpen(given)) return isList && !Array.isArray(given) ? [given] : given
    const text = Array.isArray(given) ? given.map(plainText).join(',') : plainText(given)
    return isList ? text.split(',').map((one) => one.trim()) : text
  }

  /** AWS: the output of a stack is text; several make a list. */
  #outputs(references: readonly (string | StackOutputReference)[]): Value | undefined {
    const values = references.map((one) =>
      typeof one === 'string'
        ? one
        : this.#neighbours.output(one.stack, one.target.account, one.target.region, one.output),
    )
    if (values.length === 1) return values[0]
    if (values.some((value) => value === undefined)) return undefined
    return values as Value[]
  }

  #attribute(logicalId: string, attribute: string): Value {
    const { template } = this.placed
    if (Object.hasOwn(template.Resources, logicalId)) return this.#derived.attribute(logicalId, attribute)
    return unknownIn(this.placed, `${logicalId}.${attribute}`, {
      kind: 'attribute',
      id: logicalId,
      attribute,
    })
  }

  #imported(written: Value): Value {
    const { name, value } = this.#exported(written)
    const { account, region } = this.placed.target
    if (value !== undefined) return value
    return new Unknown(
      `export ${name} in ${account} ${region}`,
      { kind: 'export', name },
      { label: `export ${name}` },
    )
  }

  /** What Fn::ImportValue takes; undefined where no stack of the account and region exports the name. */
  imported(argument: unknown): { readonly name: string; readonly value: Value | undefined } {
    return this.#exported(this.value(argument) ?? '')
  }

  #exported(written: Value): { readonly name: string; readonly value: Value | undefined } {
    const { account, region } = this.placed.target
    const name = this.text(written)
    return { name, value: this.#neighbours.exported(name, account, region) }
  }
}
