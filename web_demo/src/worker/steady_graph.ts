/**
 * A place in the transformer where a frame of a film can be given its statistics, while its own are still computed. Pure.
 *
 * The graph works out scale and shift of every norm in its `affine_nodes`. Each of them is read by the nodes that paint,
 * and by those that collect `affine`. Fed with values, such a node gives them to both. So that the first kind can be fed
 * alone, its nodes are made to read a copy. Where the copies are not fed, nothing changes.
 */

interface Node {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
}

/** The node through which the painting part reads affine node `node`. */
export function steadyNode(node: string): string {
  return `steady/${node}`;
}

/**
 * `topology`, as in a model.json, with a copy after every affine node.
 *
 * @param stylised Name of the tensor that holds the painted picture.
 */
export function withSteadyNodes(topology: object, stylised: string, affine: readonly string[]): object {
  const { node: nodes } = topology as { node: readonly Node[] };
  const cut = new Set(affine);
  const painting = ancestors(nodes, nameOf(stylised), cut);
  const rewired = nodes.map((node) => {
    if (!painting.has(node.name) || node.input === undefined) return node;
    return { ...node, input: node.input.map((name) => (cut.has(nameOf(name)) ? steadyNode(nameOf(name)) : name)) };
  });
  const copies = affine.map((name) => ({ name: steadyNode(name), op: "Identity", input: [name], attr: { T: { type: "DT_FLOAT" } } }));
  return { ...topology, node: [...rewired, ...copies] };
}

/** `last` and every node that it depends on, up to those in `cut`, without them. */
function ancestors(nodes: readonly Node[], last: string, cut: ReadonlySet<string>): Set<string> {
  const inputs = new Map(nodes.map(({ name, input }) => [name, input ?? []]));
  const found = new Set<string>();
  const open = [last];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (found.has(name) || cut.has(name)) continue;
    found.add(name);
    open.push(...(inputs.get(name) ?? []).map(nameOf));
  }
  return found;
}

/** "split:2" and "^split" are both the node "split". */
function nameOf(tensor: string): string {
  return tensor.replace(/^\^/, "").replace(/:\d+$/, "");
}
