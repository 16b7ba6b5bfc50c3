/** A set of the names in a text, parted by white space. */
function names(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** HTML elements that are rebuilt as they are. */
export const htmlElements = names(`
  html head body title style
  address article aside footer h1 h2 h3 h4 h5 h6 header hgroup main nav search section
  blockquote dd dir div dl dt figcaption figure hr li menu ol p pre ul
  a abbr acronym b bdi bdo big br center cite code data dfn em font i kbd mark nobr q rb rp rt rtc ruby s samp small span strike strong
  sub sup time tt u var wbr del ins marquee blink xmp listing plaintext
  table caption colgroup col thead tbody tfoot tr th td
  fieldset legend label input button select selectedcontent datalist optgroup option textarea output progress meter
  details summary dialog slot
  img picture source video audio track canvas map area iframe frame frameset
`);

/** HTML elements whose place is kept by one that shows nothing. */
export const htmlUnseen = names(`
  script noscript template base basefont meta link param noembed noframes bgsound command
`);

/** Those of them that style sheets tell apart, and what stands for them: something that is not displayed either, and never a script. */
export const standIns: ReadonlyMap<string, string> = new Map([["script", "noembed"], ["noscript", "noscript"], ["template", "template"]]);

/** What stands for a form: an element that is displayed as one, and hardly ever used. */
export const formStandIn = "hgroup";

/** What style sheets ask for in place of elements that others stand for, as specific as these. */
export const typeSelectors: ReadonlyMap<string, string> = new Map([
  ...standIns, ["form", `${formStandIn}:where([qwelp-form])`], [formStandIn, `${formStandIn}:where(:not([qwelp-form]))`],
]);

/** Elements whose own content is not told by child nodes, or is not to be shown. */
export const childless = names(`
  style iframe frame selectedcontent object embed applet fencedframe portal
`);

export const svgElements = names(`
  svg g defs symbol use a path rect circle ellipse line polyline polygon text tspan textPath image marker pattern clipPath mask
  linearGradient radialGradient stop filter foreignObject switch title desc view style
  feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix feDiffuseLighting feDisplacementMap feDistantLight feDropShadow
  feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge feMergeNode feMorphology feOffset fePointLight
  feSpecularLighting feSpotLight feTile feTurbulence
`);

export const mathElements = names(`
  math mi mn mo ms mspace mtext menclose merror mfenced mfrac mpadded mphantom mroot mrow msqrt mstyle mmultiscripts mover mprescripts
  msub msubsup msup munder munderover none mtable mtd mtr mlabeledtr semantics annotation annotation-xml maction
`);

/** Attributes any element may have. */
export const globalAttributes = names(`
  class id style title lang dir hidden inert slot part exportparts tabindex role
`);

/**
 * Attributes of HTML elements: those that change what is seen, and, at the end, some without a meaning in HTML that style sheets
 * often ask for. None of them loads, navigates or runs anything.
 */
export const htmlAttributes = names(`
  abbr align alink alt behavior bgcolor border bordercolor bottommargin cellpadding cellspacing char charoff checked clear color cols
  colspan compact contenteditable controls coords datetime default dir direction disabled draggable face for form frame frameborder headers
  height high hspace hreflang href ismap kind label leftmargin link loop low marginheight marginwidth max maxlength media min minlength
  multiple muted name noshade noresize novalidate nowrap open optimum pattern placeholder playsinline popover readonly rel required reversed
  rightmargin rows rowspan rules scope scrollamount scrolldelay scrolling selected shape size span start step summary switch text
  topmargin truespeed type usemap valign value vlink vspace width wrap
  active appearance block collapsed current expanded inline layout level mode orientation placement position state status theme tone
  variant
`);

/** Names with a hyphen, or that begin with an underscore, mean nothing to a browser: data-, aria-, and those of frameworks. */
export function isInert(name: string): boolean {
  return (name.includes("-") || name.startsWith("_")) && !name.includes(":") && name !== "http-equiv" && name !== "accept-charset";
}

export const svgAttributes = names(`
  accumulate additive alignment-baseline amplitude azimuth baseFrequency baseline-shift bias clip-path clip-rule clipPathUnits color
  color-interpolation color-interpolation-filters cursor cx cy d diffuseConstant direction display divisor dominant-baseline dx dy edgeMode
  elevation exponent fill fill-opacity fill-rule filter filterUnits flood-color flood-opacity font-family font-size font-size-adjust
  font-stretch font-style font-variant font-weight fr fx fy glyph-orientation-vertical gradientTransform gradientUnits height href
  image-rendering in in2 intercept k1 k2 k3 k4 kernelMatrix kernelUnitLength lengthAdjust letter-spacing lighting-color limitingConeAngle
  marker-end marker-mid marker-start markerHeight markerUnits markerWidth mask mask-type maskContentUnits maskUnits media method mode
  numOctaves offset opacity operator order orient overflow overline-position paint-order path pathLength patternContentUnits
  patternTransform patternUnits pointer-events points pointsAtX pointsAtY pointsAtZ preserveAlpha preserveAspectRatio primitiveUnits r
  radius refX refY rendering-intent result rotate rx ry scale seed shape-rendering side slope spacing specularConstant specularExponent
  spreadMethod startOffset stdDeviation stitchTiles stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap
  stroke-linejoin stroke-miterlimit stroke-opacity stroke-width surfaceScale systemLanguage tableValues targetX targetY text-anchor
  text-decoration text-overflow text-rendering textLength transform transform-origin unicode-bidi values vector-effect version viewBox
  visibility white-space width word-spacing writing-mode x x1 x2 xChannelSelector y y1 y2 yChannelSelector z
`);

export const mathAttributes = names(`
  accent accentunder align close columnalign columnlines columnspacing columnspan depth display displaystyle fence form frame framespacing
  height largeop linethickness lquote lspace mathbackground mathcolor mathsize mathvariant maxsize minsize movablelimits notation open
  rowalign rowlines rowspacing rowspan rquote rspace scriptlevel separator separators stretchy subscriptshift superscriptshift symmetric
  voffset width
`);
