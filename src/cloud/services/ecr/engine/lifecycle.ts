/** Applying a repository's lifecycle policy. */
import type { Context } from '../../../kernel/context.ts'
import type { Repository } from '../state.ts'
import { changeRepository, imagesOf } from './find.ts'
import { expiring, type LifecycleRule, readRules } from './lifecycle-rules.ts'
import { removeImage } from './remove-images.ts'

const compiled = new Map<string, readonly LifecycleRule[]>()

/** The rules of a policy that was accepted. */
function rulesOf(text: string): readonly LifecycleRule[] {
  const known = compiled.get(text)
  if (known) return known
  const rules = readRules(text) as readonly LifecycleRule[]
  if (compiled.size > 100) compiled.clear()
  compiled.set(text, rules)
  return rules
}

/**
 * Removes the images that the policy expires now, and gives the repository as it is then.
 * AWS: within a day after an image has become due. Here it happens when somebody next looks at the images or pushes
 * one, so that nobody ever sees one that is due.
 */
export function applyLifecycle(ctx: Context, repository: Repository): Repository {
  const { lifecycle } = repository
  if (!lifecycle) return repository
  const now = ctx.cloud.clock.now()
  const due = expiring(rulesOf(lifecycle.text), imagesOf(ctx, repository), now)
  for (const { image } of due) removeImage(ctx, repository, image)
  if (!due.length) return repository
  return changeRepository(ctx, repository, { lifecycle: { ...lifecycle, evaluatedAt: now } })
}
