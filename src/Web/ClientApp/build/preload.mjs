/** Lets a page's main script load beside the small one that asks for it, instead of after it. */
export function preloadMain() {
  return {
    name: 'preload-main',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle }) => {
        const main = Object.values(bundle ?? {}).find(
          ({ type, isEntry, facadeModuleId }) =>
            type === 'chunk' && !isEntry && facadeModuleId?.endsWith('/main.tsx'),
        );
        return main
          ? [
              {
                tag: 'link',
                attrs: { rel: 'modulepreload', crossorigin: true, href: `/${main.fileName}` },
                injectTo: 'head',
              },
            ]
          : [];
      },
    },
  };
}
