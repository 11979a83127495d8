/** electron-builder's hook. `false`: nothing is to be compiled, and node_modules are those electron-builder.yml lists. */
export default function beforeBuild() {
  return false;
}
