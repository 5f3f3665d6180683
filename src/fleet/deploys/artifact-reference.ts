/** `${artifact.…}` and `${artifacts.NAME.…}`: what a stack's parameter takes from an artifact when the pipeline runs. */

export interface ArtifactReference {
  /** The fleet's name of the artifact; absent for the one that is deployed. */
  readonly artifact?: string
  /** AWS: what a parameter override says of an input artifact of its action. */
  override(artifact: string): unknown
}

/** AWS: attributes of an artifact that Fn::GetArtifactAtt gives. */
const ATTRIBUTES: ReadonlyMap<string, string> = new Map([
  ['bucket', 'BucketName'],
  ['key', 'ObjectKey'],
  ['url', 'URL'],
])

/** The whole of a value: a name of the artifact, where it is another's, and an attribute or a file and a key in it. */
const WHOLE = /^\$\{artifact(?:s\.([A-Za-z][\w-]*))?\.(?:(bucket|key|url)|([^:}]+):([^:}]+))\}$/

/** Gives what a value refers to; undefined where it refers to nothing in an artifact. */
export function artifactReference(value: string): ArtifactReference | undefined {
  const [whole, artifact, attribute, file, key] = WHOLE.exec(value) ?? []
  if (whole === undefined) return undefined
  return {
    ...(artifact !== undefined && { artifact }),
    override: (name) =>
      attribute === undefined
        ? { 'Fn::GetParam': [name, file, key] }
        : { 'Fn::GetArtifactAtt': [name, ATTRIBUTES.get(attribute)] },
  }
}
