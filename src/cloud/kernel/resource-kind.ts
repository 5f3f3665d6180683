/** How a service declares a kind of resource: what finds it, says that it is not there, and is asked about it. */
import type { CompiledPolicy, ConditionContext } from '../../iam/index.ts'
import type { Arn, AwsError } from '../../model/index.ts'
import type { AccessRequest } from './access-request.ts'
import type { ServiceId } from './api.ts'
import type { Context } from './context.ts'
import type { Collection } from './store.ts'
import type { TagChanges, Tagged, Tagging, TagPair } from './tagging.ts'
import type { Tags } from './tags.ts'

/** What a request means, whether it is there or not. */
export interface Found<R> {
  /** Absent where there is none. */
  readonly record?: R
  /** The ARN that policies know it by, also while it is not there. */
  readonly arn: Arn
  /** Whose it is; empty for what AWS itself has. */
  readonly account: string
  readonly region: string
}

/** `R` is the record, `N` how requests name it, `F` what else is known of what a request means. */
export interface KindDefinition<R, N, F extends Found<R> = Found<R>> {
  readonly service: ServiceId
  readonly table: Collection<R>
  readonly key: (record: R) => string
  /** Errors: for what names nothing at all, and for what AWS tells before it authorizes. */
  readonly found: (ctx: Context, named: N) => F
  readonly absent: (found: F, ctx: Context) => AwsError
  /** The resource's own policy. */
  readonly policy: 'none' | ((found: F, ctx: Context) => CompiledPolicy | undefined)
  readonly tags: 'none' | Tagging<R>
  /** Condition keys of the resource besides its tags. */
  readonly conditions?: (found: F, ctx: Context) => ConditionContext | undefined
  /** What else a request for permission says of it: grants, words, an ARN that depends on the action. */
  readonly access?: (found: F, action: string, ctx: Context) => Partial<AccessRequest>
  /** How a changed record is kept, where it is not by putting it into its table. */
  readonly put?: (ctx: Context, found: F, record: R) => void
}

/** What a service lists of its kinds. */
export interface AnyKind {
  readonly definition: {
    readonly service: ServiceId
    readonly table: { readonly name: string }
    readonly tags: 'none' | { readonly prefixes: readonly string[]; readonly creation?: string }
  }
}

export interface ResourceKind<R, N, F extends Found<R> = Found<R>> extends AnyKind {
  /** Gives what is there of what a request names. Errors: those of `found`. */
  lookUp(ctx: Context, named: N): R | undefined
  /** Errors: the kind's own for what is not there, or the one given. */
  find(ctx: Context, named: N, absent?: (found: F) => AwsError): R
  /** Puts a changed copy of the record as it is now, and gives it. Errors: as `find`. */
  change(ctx: Context, named: N, changes: Partial<R> | ((record: R) => R), absent?: (found: F) => AwsError): R
  /** The permission that an action on it takes. */
  on(ctx: Context, action: string, named: N, context?: ConditionContext): AccessRequest
  /** As `on`, for what was found already. */
  onFound(ctx: Context, action: string, found: F, context?: ConditionContext): AccessRequest
  /** The permissions that making one takes: with tags, the one to tag it besides, where AWS asks for it. */
  onNew(
    ctx: Context,
    action: string,
    named: N,
    tags: object | undefined,
    context?: ConditionContext,
  ): AccessRequest[]
  /** The permission to tag one that is made with tags, where AWS asks for it. */
  onNewTags(ctx: Context, named: N, tags: object | undefined): AccessRequest[]
  /** The tags that one is made with, checked. Errors: as the kind says. */
  newTags(given: readonly TagPair[]): Tags
  /** One of it, as operations on tags see it. */
  tagged(named: N, options?: TaggedOptions<R, F>): Tagged
}

interface TaggedOptions<R, F> {
  /** How the operations on tags say that it is not there, where that differs. */
  readonly absent?: (found: F) => AwsError
  /** Refuses to change the tags of one that is in no state for it. */
  readonly mayChange?: (record: R) => void
}

/** Declares a kind. `policy` and `tags` are required: a kind that has none says so. */
export function resourceKind<R extends object, N, F extends Found<R> = Found<R>>(
  definition: KindDefinition<R, N, F>,
): ResourceKind<R, N, F> {
  const { tags } = definition
  const kind: ResourceKind<R, N, F> = {
    definition,
    lookUp: (ctx, named) => definition.found(ctx, named).record,
    find: (ctx, named, absent) => existing(ctx, definition, definition.found(ctx, named), absent),
    change: (ctx, named, changes, absent) => {
      const found = definition.found(ctx, named)
      const record = existing(ctx, definition, found, absent)
      const changed = typeof changes === 'function' ? changes(record) : { ...record, ...changes }
      put(ctx, definition, found, changed)
      return changed
    },
    on: (ctx, action, named, context) =>
      requestFor(ctx, definition, action, definition.found(ctx, named), context),
    onFound: (ctx, action, found, context) => requestFor(ctx, definition, action, found, context),
    onNew: (ctx, action, named, given, context) => [
      kind.on(ctx, action, named, context),
      ...kind.onNewTags(ctx, named, given),
    ],
    onNewTags: (ctx, named, given) => {
      const action = tags === 'none' || !given || !Object.keys(given).length ? undefined : tags.creation
      return action ? [kind.on(ctx, action, named)] : []
    },
    newTags: (given) => tagging(definition).join({}, given),
    tagged: (named, { absent, mayChange } = {}) => {
      const { of, with: put, join, without } = tagging(definition)
      const change = (ctx: Context, changed: (tags: Tags) => Tags) => {
        const retag = (record: R) => {
          mayChange?.(record)
          return put(record, changed(of(record)))
        }
        kind.change(ctx, named, retag, absent)
      }
      return {
        on: (ctx, action) => kind.on(ctx, action, named),
        tags: (ctx) => of(kind.find(ctx, named, absent)),
        add: (ctx, given) => change(ctx, (tags) => join(tags, given)),
        remove: (ctx, keys) => change(ctx, (tags) => without(tags, keys)),
      }
    },
  }
  return kind
}

function tagging<R, N, F extends Found<R>>({
  table,
  tags,
}: KindDefinition<R, N, F>): Tagging<R> & TagChanges<R> {
  if (tags !== 'none' && tags.changes) return { ...tags, ...tags.changes }
  throw new Error(`${table.name} have no operations on tags`)
}

function existing<R, N, F extends Found<R>>(
  ctx: Context,
  definition: KindDefinition<R, N, F>,
  found: F,
  absent?: (found: F) => AwsError,
): R {
  if (found.record) return found.record
  throw absent ? absent(found) : definition.absent(found, ctx)
}

function put<R, N, F extends Found<R>>(
  ctx: Context,
  definition: KindDefinition<R, N, F>,
  found: F,
  record: R,
): void {
  if (definition.put) definition.put(ctx, found, record)
  else ctx.table(definition.table, found.account, found.region).put(definition.key(record), record)
}

function requestFor<R, N, F extends Found<R>>(
  ctx: Context,
  definition: KindDefinition<R, N, F>,
  action: string,
  found: F,
  given?: ConditionContext,
): AccessRequest {
  const { service, policy, tags, conditions, access } = definition
  const context: Record<string, string | readonly string[]> = {}
  if (found.record && tags !== 'none')
    for (const [key, value] of Object.entries(tags.of(found.record)))
      for (const prefix of tags.prefixes) context[`${prefix}${key}`] = value
  if (conditions) Object.assign(context, conditions(found, ctx))
  if (given) Object.assign(context, given)
  const request: AccessRequest = {
    action: `${service}:${action}`,
    resource: found.arn,
    resourceAccount: found.account || undefined,
    resourcePolicy: policy === 'none' ? undefined : policy(found, ctx),
    context,
  }
  return access ? { ...request, ...access(found, action, ctx) } : request
}
