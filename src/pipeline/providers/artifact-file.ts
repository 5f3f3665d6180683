/** Files in artifacts, as configurations name them: `Artifact::path`. */
import type { ArtifactFile } from '../deployed-stack.ts'

/** Gives the file that a value names; undefined for other text. */
export function artifactFile(text: string | undefined): ArtifactFile | undefined {
  const [artifact, path] = text?.split('::') ?? []
  return artifact && path ? { artifact, path } : undefined
}

/** Gives what is wrong with a value that must name a file of one of the action's inputs. */
export function checkFile(key: string, value: string | undefined, inputs: readonly string[]): string[] {
  if (!value || value.includes('#{')) return []
  const file = artifactFile(value)
  if (!file) return [`${key} is "${value}" but must have the form Artifact::path`]
  return inputs.includes(file.artifact)
    ? []
    : [`${key} names the artifact ${file.artifact}, which is not one of its inputs`]
}
