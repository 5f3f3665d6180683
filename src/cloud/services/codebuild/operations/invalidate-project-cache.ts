/** InvalidateProjectCache: builds from now on begin without what was kept before. */
import { operation } from '../../../kernel/operation.ts'
import { forgetDirectories } from '../engine/local-cache.ts'
import { projectKind } from '../kinds.ts'
import { projects } from '../state.ts'

/** Errors: ResourceNotFoundException. */
export const InvalidateProjectCache = operation({
  service: 'codebuild',
  name: 'InvalidateProjectCache',
  access: (input, ctx) => [projectKind.on(ctx, 'InvalidateProjectCache', input.projectName)],
  run: async ({ projectName }, ctx) => {
    const { name } = projectKind.find(ctx, projectName)
    await forgetDirectories(ctx, name)
    const found = projectKind.find(ctx, name)
    ctx.table(projects).put(name, { ...found, cacheGeneration: (found.cacheGeneration ?? 0) + 1 })
    return {}
  },
})
