/** Keeping which revisions an application has. */
import type { Context } from '../../../kernel/context.ts'
import { type RevisionLocation, revisions } from '../state.ts'
import { revisionKey } from './revision-location.ts'

/** Registers a revision, or notes that a group uses it. AWS: a deployment registers what it deploys. */
export function registerRevision(
  ctx: Context,
  application: string,
  location: RevisionLocation,
  { description, group }: { readonly description?: string; readonly group?: string },
): void {
  const key = revisionKey(application, location)
  const now = ctx.cloud.clock.now()
  const known = ctx.table(revisions).get(key) ?? { application, location, registered: now, groups: [] }
  const used =
    group === undefined
      ? {}
      : {
          firstUsed: known.firstUsed ?? now,
          lastUsed: now,
          groups: [...new Set([...known.groups, group])],
        }
  ctx.table(revisions).put(key, { ...known, ...used, ...(description !== undefined && { description }) })
}
